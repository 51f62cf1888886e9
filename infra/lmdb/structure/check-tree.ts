import { type DataFile, headerSize, noPage, pageFlags, pageSize, type TreeRecord } from './data-file.ts'
import { type Node, nodeFlags, nodesIn } from './node-page.ts'

/** How a tree's keys are ordered, and whether branches repeat the first keys of what is below them, as they do where nothing is ever deleted. */
export type TreeKind = {
  readonly name: string
  readonly compare: (one: Buffer, other: Buffer) => number
  readonly onlyGrows: boolean
}

/** Hears of each entry of a tree in order; `value` is undefined where it has pages of its own. */
export type OnEntry = (key: Buffer, value: Buffer | undefined, flags: number) => void
/** Something about a page that is not as LMDB writes it. */
export type OnFinding = (page: number, what: string) => void

/** What pages are taken, and how far the file is in use. */
export type Pages = {
  /** False where it is beyond the file's end or taken already. */
  take(first: number, count: number): boolean
  /** The transaction that wrote last. */
  readonly transaction: bigint
}

/** Whether nothing stands in a page from `at` on: LMDB leaves no rests behind a value. */
const isZeroAfter = (page: Buffer | undefined, at: number): boolean =>
  page?.subarray(at).every((byte) => byte === 0) ?? false

const overflowPages = (length: number): number => Math.floor((headerSize - 1 + length) / pageSize) + 1

/**
 * Walks a tree and checks that each page is the one that is meant, was written before the page that points to it, has
 * keys in order and within what the pages above it say, and that there are as many pages and entries as the record says.
 */
export const checkTree = (
  file: DataFile,
  pages: Pages,
  kind: TreeKind,
  record: TreeRecord,
  onEntry: OnEntry,
  onFinding: OnFinding,
): void => {
  let [branches, leaves, overflows, entries] = [0, 0, 0, 0]

  /** The page's own bytes, for as long as other pages are read meanwhile. */
  const pageOf = (number: number, writtenBy: bigint): { page: Buffer; transaction: bigint } | undefined => {
    if (!pages.take(number, 1)) return undefined
    const page = file.read(number)
    if (page === undefined) return undefined
    const transaction = page.readBigUInt64LE(8)
    const isIt = page.readBigUInt64LE(0) === BigInt(number) && transaction <= writtenBy
    return isIt ? { page: Buffer.from(page), transaction } : undefined
  }

  const checkValue = (node: Node, page: number, writtenBy: bigint): void => {
    const first = Number(node.data.readBigUInt64LE(0))
    const transaction = node.data.readBigUInt64LE(8)
    const count = overflowPages(node.length)
    const head = pages.take(first, count) ? file.read(first) : undefined
    const isIt =
      head !== undefined &&
      node.data.readBigUInt64LE(16) === BigInt(count) &&
      head.readBigUInt64LE(0) === BigInt(first) &&
      head.readBigUInt64LE(8) === transaction &&
      transaction <= writtenBy &&
      head.readUInt32LE(16) === pageFlags.overflow * 0x1_0000 &&
      head.readUInt32LE(20) === count &&
      isZeroAfter(file.read(first + count - 1), headerSize + node.length - (count - 1) * pageSize)
    if (!isIt) onFinding(page, `of ${kind.name}: the pages of a value, from ${first} on, are not there or not its own`)
    overflows += count
  }

  const checkLeaf = (nodes: readonly Node[], number: number, transaction: bigint): void => {
    leaves += 1
    entries += nodes.length
    for (const node of nodes) {
      switch (node.flags) {
        case nodeFlags.overflow:
          checkValue(node, number, transaction)
          onEntry(node.key, undefined, node.flags)
          break
        case 0:
        case nodeFlags.tree:
          onEntry(node.key, node.data, node.flags)
          break
        default:
          onFinding(number, `of ${kind.name}: a node has flags ${node.flags}`)
      }
    }
  }

  /** `from` and `to`: what the pages above say of the keys here. */
  const check = (number: number, depth: number, writtenBy: bigint, from?: Buffer, to?: Buffer): void => {
    const isLeaf = depth === 1
    const found = pageOf(number, writtenBy)
    if (found === undefined) return onFinding(number, `of ${kind.name}: it is not there, not this one, or taken twice`)
    const nodes = nodesIn(found.page, isLeaf)
    if (typeof nodes === 'string') return onFinding(number, `of ${kind.name}: ${nodes}`)
    if (nodes.length === 0) return onFinding(number, `of ${kind.name}: it is empty`)
    // The first key of a branch counts for nothing.
    const keys = isLeaf ? nodes.map(({ key }) => key) : [from, ...nodes.slice(1).map(({ key }) => key)]
    const [first] = keys
    if (isLeaf && from !== undefined && first !== undefined) {
      const order = kind.compare(first, from)
      if (kind.onlyGrows ? order !== 0 : order < 0)
        onFinding(number, `of ${kind.name}: it does not begin where it should`)
    }
    for (const [index, key] of [...keys, to].entries()) {
      const before = keys[index - 1]
      if (before !== undefined && key !== undefined && kind.compare(before, key) >= 0)
        onFinding(number, `of ${kind.name}: its keys are not in order`)
    }
    if (isLeaf) return checkLeaf(nodes, number, found.transaction)
    branches += 1
    for (const [index, { child }] of nodes.entries())
      check(child, depth - 1, found.transaction, keys[index], keys[index + 1] ?? to)
  }

  if (record.root !== noPage) check(Number(record.root), record.depth, pages.transaction)
  const counted =
    record.branchPages === BigInt(branches) &&
    record.leafPages === BigInt(leaves) &&
    record.overflowPages === BigInt(overflows) &&
    record.entries === BigInt(entries) &&
    (record.root === noPage) === (record.depth === 0)
  if (!counted)
    onFinding(Number(record.root), `of ${kind.name}: it has not as many pages and entries as is written down`)
}
