import type { Percentiles, Run } from './result.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const ms = (value: number): string => (value < 100 ? value.toFixed(1) : whole(value))

const latencies = ({ p50, p75, p90, p95, p99, p999, max }: Percentiles): string =>
  `p50 ${ms(p50)}  p75 ${ms(p75)}  p90 ${ms(p90)}  p95 ${ms(p95)}  p99 ${ms(p99)}  p99.9 ${ms(p999)}  max ${ms(max)} ms`

const errorLines = (errors: Run['errors']): string[] =>
  Object.entries(errors)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, times]) => `                 ${whole(times)} × ${name}`)

const loopOf = ({ mode, rate, batch, connections }: Run): string => {
  const loop = mode === 'closed' ? 'closed loop' : `open loop at ${whole(rate ?? 0)} a second`
  return `${loop}, ${connections} connections${batch > 1 ? `, batches of ${batch}` : ''}`
}

const processLines = (run: Run): string[] => [
  `${'process'.padEnd(17)}${'CPU s'.padStart(9)}${'µs each'.padStart(10)}${'MiB'.padStart(9)}${'handles'.padStart(9)}`,
  ...run.processes.map(
    ({ name, cpuSeconds, usPerTransaction, rssMaxMiB, handlesMax }) =>
      name.padEnd(17) +
      cpuSeconds.toFixed(2).padStart(9) +
      usPerTransaction.toFixed(1).padStart(10) +
      whole(rssMaxMiB).padStart(9) +
      whole(handlesMax).padStart(9),
  ),
]

const timeLines = ({ commandTime, batch }: Run): string[] => {
  // The commands of a batch wait side by side, so what they waited for does not add up.
  if (commandTime === undefined || batch > 1) return []
  const { totalMs, parts, besidesMs } = commandTime
  return [
    `a command        ${ms(totalMs)} ms in the command side, of these ${ms(besidesMs)} ms besides what it waited for:`,
    ...parts.map(
      ({ name, perCommand, ms: each }) => `                 ${perCommand.toFixed(2)} × ${name}, ${ms(each)} ms`,
    ),
  ]
}

const readLines = ({ statusReads }: Run): string[] => {
  if (statusReads === undefined) return []
  const { reads, failed, hitRate, tiers } = statusReads
  const each = tiers.map(({ tier, hits, misses }) => `${tier} ${whole(hits)} of ${whole(hits + misses)}`).join(', ')
  return [
    `status reads     ${whole(reads)}, ${whole(failed)} failed; a cache had ${(hitRate * 100).toFixed(1)} % (${each})`,
  ]
}

const bookLines = ({ books }: Run): string[] =>
  books === undefined
    ? []
    : [
        `books            ${whole(books.acknowledged)} acknowledged commands, ${whole(books.checked)} payments checked against their streams, ` +
          (books.faults.length === 0 ? 'nothing lost, nothing doubled, all balanced' : `${books.faults.length} FAULTS`),
        ...books.faults.slice(0, 30).map((fault) => `FAULT ${fault}`),
      ]

/** What a run found out, for people. */
export const tableOf = (run: Run): string =>
  [
    `${run.name}: ${loopOf(run)}, ${run.seconds} s`,
    `accepted         ${whole(run.perSecond)} transactions/s (${whole(run.transactions)})`,
    `success          ${(run.successRate * 100).toFixed(2)} %`,
    ...errorLines(run.errors),
    `latency          ${latencies(run.latency)}`,
    ...processLines(run),
    `projections      lag p50 ${ms(run.lag.p50Ms)}  p99 ${ms(run.lag.p99Ms)}  max ${ms(run.lag.maxMs)} ms; at the end ${whole(run.lag.endEvents)} events, gone after ${run.lag.drainSeconds.toFixed(1)} s`,
    ...timeLines(run),
    ...readLines(run),
    ...bookLines(run),
    '',
  ].join('\n')

/** Several runs in a table, a line each. */
export const linesOf = (runs: readonly Run[]): string => {
  const width = Math.max(0, ...runs.map(({ name }) => name.length)) + 2
  const head = `${'run'.padEnd(width)}${'each s'.padStart(9)}${'success'.padStart(10)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'lag p99'.padStart(9)}${'main MiB'.padStart(10)}`
  const lines = runs.map((run) => {
    const main = run.processes.find(({ name }) => name === 'main')
    return (
      run.name.padEnd(width) +
      whole(run.perSecond).padStart(9) +
      `${(run.successRate * 100).toFixed(2)} %`.padStart(10) +
      ms(run.latency.p50).padStart(9) +
      ms(run.latency.p99).padStart(9) +
      ms(run.lag.p99Ms).padStart(9) +
      (main === undefined ? '-' : whole(main.rssMaxMiB)).padStart(10)
    )
  })
  return `${[head, ...lines].join('\n')}\n`
}
