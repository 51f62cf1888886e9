import { SingleBar } from 'cli-progress'
import type { Progress } from '../../projections/rebuild/rebuild.ts'
import { paceOf } from './pace.ts'

/** Shows how far a rebuild is, on standard error. */
export type Shown = { update(progress: Progress): void; stop(): void }

const plainEveryMs = 2_000

const names = { building: 'events', indexes: 'making indexes', catchingUp: 'catching up' } as const

const whole = (number: number): string => Math.round(number).toLocaleString('en-US')

/** A bar on a terminal, a line every other second elsewhere. */
export const showProgress = (): Shown => {
  const pace = paceOf()
  const format = '{bar} {percentage} % | {text}'
  const bar = process.stderr.isTTY ? new SingleBar({ format, hideCursor: true, stream: process.stderr }) : undefined
  bar?.start(1, 0, { text: '' })
  let shownAtMs = Number.NEGATIVE_INFINITY
  let shown = ''
  return {
    update: ({ phase, done, total }) => {
      const { perSecond, secondsLeft } = pace(done, total)
      const left = secondsLeft === undefined ? '…' : `${Math.ceil(secondsLeft)} s`
      const text = `${names[phase]}: ${whole(done)} of ${whole(total)}, ${whole(perSecond)} events/s, ${left} left`
      bar?.setTotal(Math.max(1, total))
      bar?.update(done, { text })
      const now = performance.now()
      if (bar !== undefined || (now - shownAtMs < plainEveryMs && phase === shown)) return
      shownAtMs = now
      shown = phase
      process.stderr.write(`${text}\n`)
    },
    stop: () => bar?.stop(),
  }
}
