import { samplesOf, type Sample } from './metrics-text.ts'
import { hitsOf } from './status-reads.ts'
import type { CommandTime, StatusReads } from './result.ts'
import type { Target } from './target.ts'
import { timeOfCommands } from './time-of-commands.ts'

/** What a system's own metrics tell of a run. */
export type Witness = {
  /** Counts from here. */
  begin(): Promise<void>
  /** What was seen since; nothing of a system whose metrics nobody knows. */
  end(): Promise<{ readonly commandTime?: CommandTime; readonly hits?: Pick<StatusReads, 'hitRate' | 'tiers'> }>
}

export const witnessOf = ({ metrics }: Target): Witness => {
  if (metrics === undefined) return { begin: async () => undefined, end: async () => ({}) }
  const look = (): Promise<readonly (readonly Sample[])[]> =>
    Promise.all([samplesOf(metrics.commands), samplesOf(metrics.queries)])
  let before: readonly (readonly Sample[])[] = []
  return {
    begin: async () => {
      before = await look()
    },
    end: async () => {
      const [[commands = [], queries = []], [commandsNow = [], queriesNow = []]] = [before, await look()]
      return { commandTime: timeOfCommands(commands, commandsNow), hits: hitsOf(queries, queriesNow) }
    },
  }
}
