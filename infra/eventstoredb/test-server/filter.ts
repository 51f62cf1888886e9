import type { LogEvent } from '../../../projections/unread.ts'
import type { ReadOptions } from './send.ts'

/** What a subscription wants, and after how many events that were looked at it is told how far that was. */
export type Filter = { readonly matches: (event: LogEvent) => boolean; readonly checkpointEvery: number }

/** As the server has it where nothing is said. */
const searchWindow = 32

/** The filter of a subscription to everything; undefined where it wants everything, and no checkpoints. */
export const filterOf = (options: ReadOptions): Filter | undefined => {
  const filter = options.getFilter()
  if (filter === undefined) return undefined
  const byStream = filter.getStreamIdentifier()
  const expression = byStream ?? filter.getEventType()
  const regex = expression?.getRegex() ?? ''
  const prefixes = expression?.getPrefixList() ?? []
  const isWanted = (name: string): boolean =>
    regex === '' ? prefixes.some((prefix) => name.startsWith(prefix)) : new RegExp(regex).test(name)
  const window = filter.hasMax() ? filter.getMax() : searchWindow
  return {
    matches: ({ stream, type }) => isWanted(byStream === undefined ? type : stream),
    checkpointEvery: Math.max(1, window * filter.getCheckpointintervalmultiplier()),
  }
}
