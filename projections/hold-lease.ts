import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from './logger.ts'
import type { RelayLease } from './relay-lease.ts'
import type { RelayPace } from './relay-pace.ts'

/** A lease that was taken and is being renewed. */
export type Held = {
  /** Aborted once somebody else may have it for good. */
  readonly lost: AbortSignal
  /** Up to where everything is confirmed. */
  checkpoint(): number
  /** Moves the checkpoint; the lease hears of it when it is renewed. */
  confirm(checkpoint: number): void
  /** Gives it back, unless it is lost. */
  end(): Promise<void>
}

/** Keeps a lease from the checkpoint on that came with it. */
export const holdLease = (
  lease: RelayLease,
  log: number,
  begin: number,
  { renewMs, unheardMs }: Pick<RelayPace, 'renewMs' | 'unheardMs'>,
  logger: Logger,
): Held => {
  const lost = new AbortController()
  const ended = new AbortController()
  let checkpoint = begin
  let heardAt = performance.now()

  const renew = async (): Promise<void> => {
    const askedAt = performance.now()
    try {
      if (await lease.keep(log, checkpoint)) heardAt = askedAt
      else {
        logger.warn({ log }, 'another relay has taken the log over')
        lost.abort()
      }
    } catch (error) {
      logger.warn({ log, err: error }, 'the lease of the relay could not be renewed')
      if (performance.now() - heardAt > unheardMs) lost.abort()
    }
  }
  const renewing = async (): Promise<void> => {
    for (;;) {
      await wait(renewMs, undefined, { signal: ended.signal }).catch(() => undefined)
      if (ended.signal.aborted || lost.signal.aborted) return
      await renew()
    }
  }
  const renewed = renewing()

  return {
    lost: lost.signal,
    checkpoint: () => checkpoint,
    confirm: (to) => {
      checkpoint = to
    },
    end: async () => {
      ended.abort()
      await renewed
      if (lost.signal.aborted) return
      await renew()
      if (lost.signal.aborted) return
      await lease.release(log).catch((error: unknown) => {
        logger.warn({ log, err: error }, 'the lease of the relay could not be given back')
      })
    },
  }
}
