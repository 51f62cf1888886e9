import type { Options } from '../options.ts'
import type { Run } from '../result.ts'
import { programsOf } from '../processes.ts'
import { openSession } from '../session.ts'
import type { Measured } from '../measure.ts'
import type { Outcome } from './outcome.ts'

// How many commands a fresh system lets in at once: about what it needs for full speed, and fewer than the
// connections of the overload, so that there is something to be refused. Refused commands are cheap, but not free.
const maxInFlight = 256
const connectionsOfOverload = 1_024
// Batches wait for room instead of being refused line by line, and each connection has a whole one under way.
const connectionsOfBatches = 64
const overload = 1.5
// On a machine that others use, one of the rates may have been measured in a bad moment; then it takes more.
const tries = 3
// On a machine that others use as well, the same load differs by this much from one time to the next.
const fullSpeed = 0.8

const refusalsOf = ({ errors }: Run): number =>
  Object.entries(errors).reduce((sum, [name, times]) => (name.startsWith('503') ? sum + times : sum), 0)

const isFullSpeed = (before: Run, after: Run): boolean => after.perSecond >= before.perSecond * fullSpeed

/** What is wrong with how a system took an overload, and with what it did before and after. */
export const stressFaults = (before: Run, during: Measured, after: Run, mustRefuse: boolean): string[] => {
  const faults: string[] = []
  const { run, retryAfter } = during
  const refusals = refusalsOf(run)
  for (const [name, times] of Object.entries(run.errors)) {
    // A request that was due and found all connections busy never reached the system.
    if (!name.startsWith('503') && name !== 'not sent') faults.push(`overload was answered ${times} times by ${name}`)
  }
  if (retryAfter < refusals) faults.push(`${refusals - retryAfter} of ${refusals} 503s had no Retry-After`)
  if (mustRefuse && refusals === 0) faults.push('nothing was refused, so there was no overload')
  if (run.perSecond === 0) faults.push('nothing was accepted during the overload')
  for (const [name, times] of Object.entries(after.errors)) faults.push(`after the overload: ${times} × ${name}`)
  if (!isFullSpeed(before, after)) {
    faults.push(
      `after the overload ${after.perSecond.toFixed(0)} a second, before it ${before.perSecond.toFixed(0)}: not full speed`,
    )
  }
  return faults
}

/** 150 % of the sustained rate: no crash, overload is answered by 503 with Retry-After, full speed again afterwards. */
export const stress = async (options: Options): Promise<Outcome> => {
  const session = await openSession(options, { MAX_IN_FLIGHT: String(maxInFlight) })
  const { root } = session.target
  const { batch, seconds } = options
  // What is sustained with as many under way as are let in; fewer would leave room that 150 % of theirs may fit into.
  const connections = batch > 1 ? options.connections : Math.max(options.connections, maxInFlight)
  const usual = { batch, connections, seconds, checked: true }
  try {
    const programs = root === undefined ? [] : await programsOf(root())
    const before = await session.run({ ...usual, name: 'sustained' })
    const overloaded = (factor: number) =>
      session.run({
        ...usual,
        name: `${Math.round(factor * 100)} %`,
        connections: batch > 1 ? connectionsOfBatches : connectionsOfOverload,
        rate: Math.round(before.run.perSecond * factor),
      })
    let during = await overloaded(overload)
    for (let n = 2; n <= tries && refusalsOf(during.run) === 0; n++) during = await overloaded(overload ** n)
    let after = await session.run({ ...usual, name: 'afterwards' })
    for (let n = 2; n <= tries && !isFullSpeed(before.run, after.run); n++) {
      after = await session.run({ ...usual, name: 'afterwards' })
    }
    const faults = stressFaults(before.run, during, after.run, root !== undefined)
    const ended = root === undefined ? [] : await endedOf(programs, root())
    if (ended.length > 0) faults.push(`processes of the system have ended: ${ended.join(', ')}`)
    return { runs: [before.run, during.run, after.run], faults }
  } finally {
    await session.close()
  }
}

/** Those of the processes that are not there any more. */
const endedOf = async (before: readonly number[], root: number): Promise<number[]> => {
  const now = new Set(await programsOf(root))
  return before.filter((pid) => !now.has(pid))
}
