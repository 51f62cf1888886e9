import { loadGenerator } from '../processes.ts'
import type { Run } from '../result.ts'

/** What a rate takes, by the CPU that each process used for a transaction in a run. */
export type Capacity = {
  readonly perSecond: number
  /** Cores kept busy, by process and in all; the load generator is not the system's. */
  readonly cores: readonly { readonly name: string; readonly busy: number }[]
  readonly busy: number
  /** Cores to be had, so that no more than `utilization` of them is busy. */
  readonly needed: number
  /** Machines of `coresAMachine`. */
  readonly machines: number
}

/** How much of a machine may be busy at the rate that is planned for: bursts and the loss of a machine take the rest. */
export const utilization = 0.6
export const coresAMachine = 16

/** Takes it that CPU grows with the rate and with nothing else; see docs/PERFORMANCE.md. */
export const capacityFor = (run: Pick<Run, 'processes'>, perSecond: number): Capacity => {
  const cores = run.processes
    .filter(({ name }) => name !== loadGenerator)
    .map(({ name, usPerTransaction }) => ({ name, busy: (perSecond * usPerTransaction) / 1e6 }))
  const busy = cores.reduce((sum, each) => sum + each.busy, 0)
  const needed = busy / utilization
  return { perSecond, cores, busy, needed, machines: Math.ceil(needed / coresAMachine) }
}

/** What 10,000 and 100,000 transactions a second would take, as lines for people. */
export const capacityTable = (run: Pick<Run, 'processes' | 'name'>): string =>
  [10_000, 100_000]
    .map((perSecond) => {
      const { cores, busy, needed, machines } = capacityFor(run, perSecond)
      const parts = cores.map((each) => `${each.name} ${each.busy.toFixed(1)}`).join(', ')
      return `${perSecond.toLocaleString('en')} transactions/s: ${busy.toFixed(1)} cores busy (${parts}); ${Math.ceil(needed)} cores at ${utilization * 100} %, ${machines} × ${coresAMachine} cores\n`
    })
    .join('')
