import { SingleBar } from 'cli-progress'

/** Shows how far a long piece of work is. */
export type Progress = {
  /** `done` of `total`, and how many rows, or whatever is counted, that was. */
  update(done: number, rows: number): void
  stop(): void
}

const plainEveryMs = 5_000

const secondsLeft = (elapsedMs: number, share: number): string =>
  share <= 0 ? '…' : `${Math.ceil((elapsedMs * (1 - share)) / share / 1_000)} s`

const rate = (rows: number, elapsedMs: number): string =>
  Math.round((rows * 1_000) / Math.max(1, elapsedMs)).toLocaleString('en-US')

const bar = (total: number, startedAt: number, counted: string): Progress => {
  const drawn = new SingleBar({
    format: `{bar} {percentage} % | {rows} ${counted} | {rate} ${counted}/s | {left} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    stream: process.stderr,
  })
  drawn.start(total, 0, { rows: '0', rate: '0', left: '…' })
  return {
    update(done, rows) {
      const elapsedMs = Date.now() - startedAt
      drawn.update(done, {
        rows: rows.toLocaleString('en-US'),
        rate: rate(rows, elapsedMs),
        left: secondsLeft(elapsedMs, done / total),
      })
    },
    stop: () => drawn.stop(),
  }
}

const plain = (total: number, startedAt: number, counted: string): Progress => {
  let last = startedAt
  return {
    update(done, rows) {
      const now = Date.now()
      if (now - last < plainEveryMs) return
      last = now
      const elapsedMs = now - startedAt
      const share = done / total
      process.stderr.write(
        `${Math.floor(share * 100)} %, ${rows.toLocaleString('en-US')} ${counted}, ${rate(rows, elapsedMs)} ${counted}/s, ${secondsLeft(elapsedMs, share)} left\n`,
      )
    },
    stop: () => undefined,
  }
}

/** A bar on a terminal, a line every few seconds elsewhere; both on standard error. `counted`: what is. */
export const createProgress = (total: number, counted = 'rows'): Progress =>
  process.stderr.isTTY ? bar(total, Date.now(), counted) : plain(total, Date.now(), counted)
