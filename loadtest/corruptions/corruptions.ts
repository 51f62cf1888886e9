import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { textOf as entryText } from '../../infra/lmdb/entry.ts'
import { newKey, signerOf } from '../../infra/proof/signer.ts'
import type { Random } from '../../projections/testing/random.ts'
import { signNote, noteText } from '../../proof/note.ts'
import { recordOf, recordText } from '../../proof/record.ts'
import { changeLog, type OpenPage, rewritten } from './change-log.ts'

/** One way to change an installation; `signed`: so many of its events are under a checkpoint. */
export type Corruption = {
  readonly name: string
  /** Of a hundred corruptions, about so many are of this kind. */
  readonly share: number
  /** Gives which byte of the log's file it has changed, where it is one. */
  readonly make: (folder: string, random: Random, signed: number) => Promise<number | void>
}

const dataFile = (folder: string): string => join(folder, 'log', 'data.mdb')
const checkpoints = (folder: string): string => join(folder, 'checkpoints.ndjson')

const changeBytes = async (path: string, random: Random, change: (byte: number) => number): Promise<number> => {
  const bytes = await readFile(path)
  const at = random.below(bytes.length)
  bytes[at] = change(bytes[at] ?? 0)
  await writeFile(path, bytes)
  return at
}

const changeLines = async (folder: string, change: (lines: string[]) => void): Promise<void> => {
  const lines = (await readFile(checkpoints(folder), 'utf8')).split('\n')
  change(lines)
  await writeFile(checkpoints(folder), lines.join('\n'))
}

/** One whose events are all under a checkpoint: of what is not, nothing says that it was there. */
const somePage = (pages: readonly OpenPage[], random: Random, atLeast: number, signed: number): OpenPage => {
  const isFit = ({ first, entries }: OpenPage): boolean => entries.length >= atLeast && first + entries.length <= signed
  const page = random.pick(pages.filter(isFit))
  if (page === undefined) throw new Error('no page has so many events')
  return page
}

const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at)

/** Everything that is tried. */
export const corruptions: readonly Corruption[] = [
  {
    name: 'a bit of the log',
    share: 50,
    make: (folder, random) => changeBytes(dataFile(folder), random, (byte) => byte ^ (1 << random.below(8))),
  },
  {
    name: 'a byte of the log',
    share: 10,
    make: (folder, random) => changeBytes(dataFile(folder), random, (byte) => (byte + 1 + random.below(255)) % 256),
  },
  {
    name: 'a bit of the checkpoints',
    share: 15,
    make: async (folder, random) => {
      await changeBytes(checkpoints(folder), random, (byte) => byte ^ (1 << random.below(8)))
    },
  },
  {
    name: 'the log cut short',
    share: 2,
    make: async (folder, random) => {
      const { length } = await readFile(dataFile(folder))
      await truncate(dataFile(folder), random.below(length))
    },
  },
  {
    name: 'an event removed',
    share: 4,
    make: (folder, random, signed) =>
      changeLog(folder, (pages) => {
        const { first, entries } = somePage(pages, random, 2, signed)
        return new Map([[first, without(entries, random.below(entries.length))]])
      }),
  },
  {
    name: 'the last events removed',
    share: 3,
    make: (folder, _, signed) =>
      changeLog(folder, (pages) => {
        const last = pages.filter(({ first, entries }) => first + entries.length > signed)
        return new Map(last.map(({ first }) => [first, undefined]))
      }),
  },
  {
    name: 'an event added',
    share: 4,
    make: (folder, random, signed) =>
      changeLog(folder, (pages) => {
        const { first, entries } = somePage(pages, random, 1, signed)
        const copy = Buffer.from(random.pick(entries) ?? [])
        return new Map([[first, [...entries, copy]]])
      }),
  },
  {
    name: 'two events exchanged',
    share: 4,
    make: (folder, random, signed) =>
      changeLog(folder, (pages) => {
        const { first, entries } = somePage(pages, random, 2, signed)
        const at = random.below(entries.length - 1)
        const [one, other] = [entries[at], entries[at + 1]]
        const exchanged = entries.map((entry, index) => (index === at ? other : index === at + 1 ? one : entry))
        return new Map([[first, exchanged.map((entry) => entry ?? Buffer.alloc(0))]])
      }),
  },
  {
    name: 'an event rewritten with all hashes after it',
    share: 4,
    make: (folder, random, signed) =>
      changeLog(folder, (pages) => {
        const sequence = 1 + random.below(signed)
        const page = pages.findLast(({ first }) => first <= sequence)
        const entry = page?.entries[sequence - (page?.first ?? 0)] ?? Buffer.alloc(0)
        // In the milliseconds of its time, which no rule says anything about.
        const at =
          entry.length -
          Buffer.byteLength(entryText(entry)) +
          Buffer.from(entryText(entry)).indexOf('"recordedAt":"20') +
          30
        return rewritten(pages, sequence, at)
      }),
  },
  {
    name: 'a checkpoint removed',
    share: 2,
    make: (folder, random) =>
      changeLines(folder, (lines) => {
        // The last of all is no part of any promise: nothing says that it was there.
        lines.splice(random.below(lines.length - 2), 1)
      }),
  },
  {
    name: 'a checkpoint signed by somebody else',
    share: 2,
    make: (folder, random) =>
      changeLines(folder, (lines) => {
        const at = random.below(lines.length - 1)
        const record = recordOf(lines[at] ?? '')
        const note = signNote(noteText(record?.note ?? '') ?? '', [signerOf('daybook', newKey())])
        lines[at] = recordText({ ...record, note })
      }),
  },
]
