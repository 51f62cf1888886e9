import { join } from 'node:path'
import type { Finding } from '../../../proof/statements.ts'
import { checkTree, type OnEntry, type OnFinding, type Pages, type TreeKind } from './check-tree.ts'
import {
  type DataFile,
  type Meta,
  metaEnd,
  metaIn,
  openDataFile,
  pageFlags,
  pageSize,
  treeRecordAt,
  treeRecordSize,
} from './data-file.ts'
import { nodeFlags } from './node-page.ts'

const magic = 0xbeef_c0de
const version = 2
/** More would be a page that leads to itself. */
const deepest = 32
const mostFindings = 100

const numerically = (one: Buffer, other: Buffer): number =>
  one.length === 8 && other.length === 8 ? Number(one.readBigUInt64LE(0) - other.readBigUInt64LE(0)) : Number.NaN

const free: TreeKind = { name: 'the list of free pages', compare: numerically, onlyGrows: false }
const growing = (name: string): TreeKind => ({ name, compare: Buffer.compare, onlyGrows: true })

const databases = ['ends', 'log', 'milestones', 'settled']

const isMeta = (page: Buffer | undefined, number: number): page is Buffer =>
  page !== undefined &&
  page.readBigUInt64LE(0) === BigInt(number) &&
  page.readUInt16LE(18) === pageFlags.meta &&
  metaIn(page).magic === magic &&
  metaIn(page).version === version &&
  metaIn(page).free.pad === pageSize &&
  page.subarray(metaEnd).every((byte) => byte === 0) &&
  metaIn(page).transaction % 2n === BigInt(number)

const readOnce = (file: DataFile): readonly Buffer[] => [0, 1].map((number) => Buffer.from(file.read(number) ?? []))

/** Both as of one moment: somebody may be writing. */
const readBoth = (file: DataFile): readonly Buffer[] => {
  let before = readOnce(file)
  for (let tries = 1; tries < 100; tries++) {
    const now = readOnce(file)
    if (now.every((page, number) => page.equals(before[number] ?? page))) break
    before = now
  }
  return before
}

/** The later one of the two, if they are as they should be. */
const readMeta = (file: DataFile, onFinding: OnFinding): Meta | undefined => {
  const pages = readBoth(file)
  const [one, other] = pages.map((page, number) => (page.length > 0 && isMeta(page, number) ? metaIn(page) : undefined))
  if (one === undefined || other === undefined) {
    onFinding(one === undefined ? 0 : 1, 'it does not begin as the file of a log does')
    return undefined
  }
  const [earlier, later] = one.transaction < other.transaction ? [one, other] : [other, one]
  if (later.transaction - earlier.transaction !== 1n) onFinding(0, 'its two beginnings do not follow each other')
  const same = later.mapSize === earlier.mapSize && later.free.flags === earlier.free.flags
  if (!same) onFinding(0, 'its two beginnings differ')
  if (later.main.depth > deepest || later.free.depth > deepest || later.main.pad !== 0 || later.main.flags !== 0) {
    onFinding(Number(later.transaction % 2n), 'its trees are not as they should be')
    return undefined
  }
  return later
}

/** Numbers of pages, as the list of free pages has them: how many, and then each; a negative one is a number of pages from the next on. */
const freePages = (value: Buffer): [first: number, count: number][] | undefined => {
  if (value.length < 8 || value.length % 8 !== 0) return undefined
  const numbers = Array.from({ length: value.length / 8 - 1 }, (_, index) =>
    Number(value.readBigInt64LE(8 + 8 * index)),
  )
  const used = Number(value.readBigUInt64LE(0))
  if (used > numbers.length) return undefined
  const found: [number, number][] = []
  for (let index = 0; index < used; index++) {
    const number = numbers[index] ?? 0
    if (number > 0) found.push([number, 1])
    else if (number < 0) found.push([numbers[++index] ?? 0, -number])
  }
  return found
}

/** Walks all trees of an open file; gives which pages they are made of, undefined where there is no walking. */
const walk = (file: DataFile, onFinding: OnFinding): Uint8Array | undefined => {
  const meta = readMeta(file, onFinding)
  if (meta === undefined) return undefined
  const end = Math.min(file.pages, Number(meta.lastPage) + 1)
  const taken = new Uint8Array(end)
  const pages: Pages = {
    transaction: meta.transaction,
    take: (first, count) => {
      if (first < 2 || count < 1 || first + count > end) return false
      for (let number = first; number < first + count; number++) {
        if (taken[number] === 1) return false
        taken[number] = 1
      }
      return true
    },
  }

  const roots: [name: string, record: Buffer][] = []
  const onDatabase: OnEntry = (key, value, flags) => {
    const isTree = flags === nodeFlags.tree && value?.length === treeRecordSize
    if (isTree) roots.push([key.toString('latin1').replaceAll('\0', ''), Buffer.from(value)])
  }
  const main = Number(meta.main.root)
  checkTree(file, pages, growing('the list of databases'), meta.main, onDatabase, onFinding)
  if (String(roots.map(([name]) => name)) !== String(databases)) onFinding(main, 'its databases are not those of a log')
  for (const [name, bytes] of roots) {
    const record = treeRecordAt(bytes, 0)
    if (record.depth > deepest || record.pad !== 0 || record.flags !== 0)
      onFinding(main, `of ${name}: its record is not as it should be`)
    else checkTree(file, pages, growing(name), record, () => undefined, onFinding)
  }

  const lists: Buffer[] = []
  const onList: OnEntry = (_, value) => value && lists.push(Buffer.from(value))
  checkTree(file, pages, free, meta.free, onList, onFinding)
  const used = taken.slice()
  for (const list of lists) {
    const isFree = freePages(list)?.every(([first, count]) => pages.take(first, count)) ?? false
    if (!isFree) onFinding(Number(meta.free.root), 'a page is free and in use, free twice, or not there')
  }
  return used
}

const withFile = <T>(folder: string, work: (file: DataFile) => T): T => {
  const file = openDataFile(join(folder, 'data.mdb'))
  try {
    return work(file)
  } finally {
    file.close()
  }
}

/**
 * Checks a log's file page by page: that all trees hold together, that no page is in two of them or free as well, and
 * that nothing is beyond the file's end. What the values say is not looked at. No page may be used anew meanwhile: whoever
 * looks at the file of a running system has to pin it (`proved-log.ts`).
 */
export const checkStructure = (folder: string): readonly Finding[] => {
  const findings: Finding[] = []
  const onFinding: OnFinding = (page, what) => {
    if (findings.length < mostFindings) findings.push({ where: `data.mdb, page ${page}`, what })
  }
  withFile(folder, (file) => walk(file, onFinding))
  return findings
}

/** Which pages of a sound file hold anything, 1 for each that does. */
export const pagesInUse = (folder: string): Uint8Array =>
  withFile(folder, (file) => walk(file, () => undefined)) ?? new Uint8Array(0)
