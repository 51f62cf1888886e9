import type { GatewayOutcome, OperationKind } from '../domain/payment/command.ts'
import { createDeadlines } from './deadlines.ts'
import type { Gateway, GatewayLookup, GatewayOperation } from './gateway.ts'
import type { Logger } from './logger.ts'

/** Nobody knows yet: no answer in time, or none that could be understood. */
export type Unknown = { readonly type: 'unknown' }

/** The configured gateways, by name. No call rejects, and none takes longer than the timeout. */
export type Gateways = {
  has(name: string): boolean
  /** How many calls have begun, or wait to begin, and have no answer yet. */
  underWay(): number
  /** Has the operation done. Call it once for an operation, after its intent is in the log. */
  send(name: string, operation: GatewayOperation): Promise<GatewayOutcome | Unknown>
  /** Asks what became of an operation that was sent, or may have been. */
  lookup(name: string, operation: GatewayOperation): Promise<GatewayLookup | Unknown>
}

const calls = {
  authorization: 'authorize',
  capture: 'capture',
  increment: 'increment',
  void: 'void',
  refund: 'refund',
} as const satisfies Record<OperationKind, keyof Gateway>

const unknown: Unknown = { type: 'unknown' }

/**
 * At most `maxConcurrent` calls to one gateway run at a time; the rest wait, and waiting counts as part of
 * `timeoutMs`. An answer that comes later is dropped: the resolver asks for it.
 */
export const createGateways = (
  gateways: readonly Gateway[],
  limits: { readonly timeoutMs: number; readonly maxConcurrent: number },
  logger: Logger,
): Gateways => {
  const byName = new Map(gateways.map((gateway) => [gateway.name, { gateway, line: createLine(limits) }]))

  let underWay = 0

  const ask = async <T>(
    name: string,
    operation: GatewayOperation,
    call: (gateway: Gateway, signal: AbortSignal) => Promise<T>,
  ): Promise<T | Unknown> => {
    const entry = byName.get(name)
    if (entry === undefined) return unknown
    underWay += 1
    const answer = entry.line(
      (signal) => call(entry.gateway, signal),
      (error) => {
        logger.warn(
          { gateway: name, operation: operation.operation, reference: operation.reference, err: error },
          'gateway call failed',
        )
      },
    )
    return answer.finally(() => (underWay -= 1))
  }

  return {
    has: (name) => byName.has(name),
    underWay: () => underWay,
    send: (name, operation) =>
      ask(name, operation, (gateway, signal) => gateway[calls[operation.operation]](operation, signal)),
    lookup: (name, operation) => ask(name, operation, (gateway, signal) => gateway.lookup(operation, signal)),
  }
}

type Line = <T>(work: (signal: AbortSignal) => Promise<T>, failed: (error: unknown) => void) => Promise<T | Unknown>

const createLine = ({ timeoutMs, maxConcurrent }: { timeoutMs: number; maxConcurrent: number }): Line => {
  const deadline = createDeadlines(timeoutMs)
  let running = 0
  const waiting = new Set<() => void>()

  const release = (): void => {
    running--
    const [next] = waiting
    if (next === undefined) return
    waiting.delete(next)
    next()
  }

  return (work, failed) =>
    new Promise((resolve) => {
      let state: 'waiting' | 'running' | 'ended' = 'waiting'
      const { signal, met } = deadline(() => {
        waiting.delete(begin)
        // Later than the other deadlines of this moment, so that nothing begins that is out of time as well.
        if (state === 'running') setImmediate(release)
        state = 'ended'
        resolve(unknown)
      })
      const endInTime = (): boolean => {
        if (state === 'ended') return false
        state = 'ended'
        met()
        release()
        return true
      }
      const begin = (): void => {
        state = 'running'
        running++
        work(signal).then(
          (answer) => {
            if (endInTime()) resolve(answer)
          },
          (error: unknown) => {
            if (!endInTime()) return
            failed(error)
            resolve(unknown)
          },
        )
      }

      if (running < maxConcurrent) begin()
      else waiting.add(begin)
    })
}
