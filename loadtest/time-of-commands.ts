import { type Sample, sumOf } from './metrics-text.ts'
import type { CommandTime } from './result.ts'

const requests = 'daybook_http_request_duration_seconds'
const calls = 'daybook_call_duration_seconds'

const isCommand = ({ method }: Sample['labels']): boolean => method === 'POST'

/** Where the time of the commands went that were answered between two looks at the command sides' metrics. */
export const timeOfCommands = (before: readonly Sample[], after: readonly Sample[]): CommandTime => {
  const gained = (name: string, fits: (labels: Sample['labels']) => boolean): number =>
    sumOf(after, name, fits) - sumOf(before, name, fits)
  const count = Math.max(1, gained(`${requests}_count`, isCommand))
  const totalMs = (gained(`${requests}_sum`, isCommand) * 1_000) / count
  const names = new Map(
    after
      .filter(({ name }) => name === `${calls}_count`)
      .map(({ labels }) => [`${labels['of'] ?? ''} ${labels['call'] ?? ''}`, labels]),
  )
  const parts = [...names].flatMap(([name, { of, call }]) => {
    const isIt = (labels: Sample['labels']): boolean => labels['of'] === of && labels['call'] === call
    const times = gained(`${calls}_count`, isIt)
    if (times === 0) return []
    return [{ name, perCommand: times / count, ms: (gained(`${calls}_sum`, isIt) * 1_000) / times }]
  })
  const waitedMs = parts.reduce((sum, { perCommand, ms }) => sum + perCommand * ms, 0)
  return { totalMs, parts, besidesMs: totalMs - waitedMs }
}
