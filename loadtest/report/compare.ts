import type { Report, Run } from '../result.ts'

/** A figure of two reports. `ratio` is the new one to the old one. */
export type Comparison = {
  readonly what: string
  readonly old: number
  readonly now: number
  readonly ratio: number
  /** `same`: not further apart than noise explains. */
  readonly verdict: 'better' | 'worse' | 'same'
}

type Figure = {
  readonly what: string
  readonly value: number
  readonly wanted: 'high' | 'low'
  /** By how much it varies without cause, as a part of itself. */
  readonly noise: number
}

// On a shared machine the same program is that far apart from one run to the next.
const noiseOf = { rate: 0.1, cpu: 0.1, p50: 0.25, p99: 0.5, memory: 0.15, lag: 0.5 } as const

/** Three standard errors of the mean of a run's seconds, as a part of the mean. */
const rateNoise = ({ timeline }: Run): number => {
  const values = timeline.map(({ transactions }) => transactions)
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length
  if (values.length < 3 || mean === 0) return noiseOf.rate
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1)
  return Math.max(noiseOf.rate, (3 * Math.sqrt(variance / values.length)) / mean)
}

const figuresOfRun = (run: Run): Figure[] => [
  { what: `${run.name}: transactions/s`, value: run.perSecond, wanted: 'high', noise: rateNoise(run) },
  { what: `${run.name}: success rate`, value: run.successRate, wanted: 'high', noise: 0.001 },
  { what: `${run.name}: p50, ms`, value: run.latency.p50, wanted: 'low', noise: noiseOf.p50 },
  { what: `${run.name}: p99, ms`, value: run.latency.p99, wanted: 'low', noise: noiseOf.p99 },
  { what: `${run.name}: lag p99, ms`, value: run.lag.p99Ms, wanted: 'low', noise: noiseOf.lag },
  ...run.processes.flatMap((each): Figure[] => [
    {
      what: `${run.name}: ${each.name}, µs CPU`,
      value: each.usPerTransaction,
      wanted: 'low',
      noise: noiseOf.cpu,
    },
    { what: `${run.name}: ${each.name}, MiB`, value: each.rssMaxMiB, wanted: 'low', noise: noiseOf.memory },
  ]),
]

/** What a run did for each request of the no-op server at the same time: on another day the machine is another. */
const ratiosOf = ({ runs, yardsticks }: Report): Figure[] =>
  yardsticks
    .filter(({ name }) => name === 'no-op POST')
    .flatMap(({ name, perSecond }) =>
      runs.map(
        (run): Figure => ({
          what: `${run.name}: of ${name}`,
          value: run.perSecond / perSecond,
          wanted: 'high',
          noise: rateNoise(run),
        }),
      ),
    )

const figuresOf = (report: Report): Figure[] => [
  ...report.runs.flatMap(figuresOfRun),
  ...report.yardsticks.map(
    ({ name, perSecond }): Figure => ({ what: name, value: perSecond, wanted: 'high', noise: noiseOf.rate }),
  ),
  ...ratiosOf(report),
]

const verdictOf = (ratio: number, { wanted, noise }: Figure, oldNoise: number): Comparison['verdict'] => {
  const apart = Math.abs(Math.log(ratio))
  if (!(apart > Math.log(1 + Math.max(noise, oldNoise)))) return 'same'
  return ratio > 1 === (wanted === 'high') ? 'better' : 'worse'
}

/** Every figure that both reports have, by name; of several with the same name the last. */
export const compare = (old: Report, now: Report): Comparison[] => {
  const before = new Map(figuresOf(old).map((figure) => [figure.what, figure]))
  return figuresOf(now).flatMap((figure) => {
    const match = before.get(figure.what)
    if (match === undefined || (match.value === 0 && figure.value === 0)) return []
    const ratio = figure.value / match.value
    return [
      {
        what: figure.what,
        old: match.value,
        now: figure.value,
        ratio,
        verdict: verdictOf(ratio, figure, match.noise),
      },
    ]
  })
}

const rounded = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))))

/** The comparison as lines for people; what moved beyond noise is marked. */
export const comparisonTable = (comparisons: readonly Comparison[]): string => {
  const widest = Math.max(0, ...comparisons.map(({ what }) => what.length))
  const row = (what: string, old: string, now: string, ratio: string, mark: string) =>
    `${what.padEnd(widest)}${old.padStart(11)}${now.padStart(11)}${ratio.padStart(8)}${mark && `  ${mark}`}`
  return [
    row('', 'old', 'now', 'ratio', ''),
    ...comparisons.map(({ what, old, now, ratio, verdict }) =>
      row(what, rounded(old), rounded(now), ratio.toFixed(2), verdict === 'same' ? '' : verdict),
    ),
    '',
  ].join('\n')
}
