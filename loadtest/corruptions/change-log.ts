import { join } from 'node:path'
import { chain, type Entry, hashOf, noHash, previousSequenceOf } from '../../infra/lmdb/entry.ts'
import { type Environment, openEnvironment } from '../../infra/lmdb/environment.ts'
import { entriesIn, type Page } from '../../infra/lmdb/page.ts'

/** A page of a log as somebody with a database tool has it before them. */
export type OpenPage = { readonly first: number; readonly entries: readonly Entry[] }

/** Changes pages of a log by LMDB itself; `change` gives new pages by their first sequences, undefined for one to be taken away. */
export const changeLog = async (
  folder: string,
  change: (pages: readonly OpenPage[]) => ReadonlyMap<number, readonly Entry[] | undefined>,
): Promise<void> => {
  const environment: Environment = openEnvironment(join(folder, 'log'), false)
  const pages: OpenPage[] = []
  for (const { key, value } of environment.log.getRange()) {
    const page: Page = Buffer.from(value)
    pages.push({ first: key, entries: [...entriesIn(page)] })
  }
  const changed = change(pages)
  environment.root.transactionSync(() => {
    for (const [first, entries] of changed) {
      if (entries === undefined) environment.log.removeSync(first)
      else environment.log.putSync(first, Buffer.concat(entries))
    }
  })
  await environment.root.close()
}

/** The pages with one byte of the text of an event changed, and all hashes after it in its stream made anew. */
export const rewritten = (
  pages: readonly OpenPage[],
  sequence: number,
  at: number,
): ReadonlyMap<number, readonly Entry[]> => {
  const entries = new Map<number, Entry>()
  for (const { first, entries: some } of pages)
    for (const [index, entry] of some.entries()) entries.set(first + index, entry)
  const changed = new Set<number>()
  for (const [place, entry] of entries) {
    const previous = previousSequenceOf(entry)
    if (place !== sequence && !changed.has(previous)) continue
    if (place === sequence) entry[at] = (entry[at] ?? 0) ^ 1
    const before = entries.get(previous)
    chain(entry, before === undefined ? noHash : hashOf(before))
    changed.add(place)
  }
  return new Map(pages.map(({ first, entries: some }) => [first, some]))
}
