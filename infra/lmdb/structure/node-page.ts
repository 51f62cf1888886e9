import { headerSize, pageFlags, pageSize } from './data-file.ts'

/** A node of a page: its key, and in a branch the page below it, in a leaf the value or where that is. */
export type Node = {
  readonly key: Buffer
  readonly flags: number
  /** Of a branch. */
  readonly child: number
  /** Of a leaf: the length of its value. */
  readonly length: number
  /** Of a leaf: the value, or where it is. */
  readonly data: Buffer
}

export const nodeFlags = { overflow: 1, tree: 2 } as const
/** The page, the transaction and the number of pages of a value that has pages of its own. */
export const overflowRecordSize = 24

const nodeHeaderSize = 8
const even = (size: number): number => size + (size % 2)

const nodeAt = (page: Buffer, at: number, isLeaf: boolean): Node & { readonly end: number } => {
  const [low, high, flags] = [page.readUInt16LE(at), page.readUInt16LE(at + 2), page.readUInt16LE(at + 4)]
  const keyEnd = at + nodeHeaderSize + page.readUInt16LE(at + 6)
  const length = low + high * 0x1_0000
  const stored = !isLeaf ? 0 : flags === nodeFlags.overflow ? overflowRecordSize : length
  return {
    key: page.subarray(at + nodeHeaderSize, keyEnd),
    flags: isLeaf ? flags : 0,
    child: length + flags * 0x1_0000_0000,
    length,
    data: page.subarray(keyEnd, keyEnd + stored),
    end: keyEnd + stored,
  }
}

/**
 * The nodes of a branch or leaf in the order of their keys, or what is wrong with the page. Together they fill it from
 * where the header says to its end: a wrong length, place or number of nodes leaves a gap or an overlap.
 */
export const nodesIn = (page: Buffer, isLeaf: boolean): readonly Node[] | string => {
  const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)]
  // Before the flags there are two bytes that are zero.
  const flags = isLeaf ? pageFlags.leaf : pageFlags.branch
  if (page.readUInt32LE(16) !== flags * 0x1_0000) return 'it is a page of another kind'
  if (lower % 2 !== 0 || lower > upper || headerSize + upper > pageSize) return 'its nodes are not where it says'
  const places = Array.from({ length: lower / 2 }, (_, index) => page.readUInt16LE(headerSize + 2 * index) + headerSize)
  const nodes: Node[] = []
  const extents: [number, number][] = []
  for (const at of places) {
    if (at + nodeHeaderSize > pageSize) return 'a node is not where it says'
    const node = nodeAt(page, at, isLeaf)
    if (node.end > pageSize) return 'a node is longer than the page'
    nodes.push(node)
    extents.push([at, even(node.end)])
  }
  let end = headerSize + upper
  for (const [from, to] of extents.sort(([one], [other]) => one - other)) {
    if (from !== end) return 'its nodes leave a gap or overlap'
    end = to
  }
  return end === pageSize ? nodes : 'its nodes leave a gap or overlap'
}
