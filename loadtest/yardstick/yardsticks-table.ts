import type { Report } from '../result.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** What the machine did apart from Daybook, and each run's throughput as a ratio to it. */
export const yardsticksTable = ({ yardsticks, runs }: Pick<Report, 'yardsticks' | 'runs'>): string => {
  const width = Math.max(0, ...[...yardsticks, ...runs].map(({ name }) => name.length)) + 2
  const head = `${''.padEnd(width)}${'a second'.padStart(10)}${yardsticks.map(({ name }) => `of ${name}`.padStart(15)).join('')}`
  const line = (name: string, perSecond: number, more: string): string =>
    `${name.padEnd(width)}${whole(perSecond).padStart(10)}${more}`
  return [
    ...yardsticks.map(({ name, perSecond, note }) => line(name, perSecond, note === undefined ? '' : `  ${note}`)),
    ...(runs.length === 0 ? [] : ['', head]),
    ...runs.map((run) =>
      line(
        run.name,
        run.perSecond,
        yardsticks.map(({ perSecond }) => (run.perSecond / perSecond).toFixed(2).padStart(15)).join(''),
      ),
    ),
    '',
  ].join('\n')
}
