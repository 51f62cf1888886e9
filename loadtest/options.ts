import { parseArgs } from 'node:util'

/** What a load test is asked to do. */
export type Options = {
  readonly mode: 'run' | 'findRate' | 'stress' | 'soak' | 'scale' | 'yardstick'
  /** A system that runs already, and a key of an operator there; a fresh one is started without. */
  readonly url: string | undefined
  readonly key: string | undefined
  /** Of a fresh system. */
  readonly profile: 'embedded' | 'cluster'
  /** Connections that read statuses beside the load. */
  readonly reads: number
  readonly seconds: number
  readonly connections: number
  /** Commands in a request. */
  readonly batch: number
  /** Commands a second; a closed loop without. */
  readonly rate: number | undefined
  readonly merchants: number
  readonly seed: number
  /** Of a soak. */
  readonly hours: number
  /** Events stored at the end of `scale`. */
  readonly upTo: number
  /** Whether the folder of a system of our own is kept. */
  readonly keep: boolean
  /** Where the results go as JSON. */
  readonly json: string | undefined
  /** Where the plot goes. */
  readonly svg: string | undefined
  /** Results to compare with. */
  readonly compare: string | undefined
  /** Which yardsticks. */
  readonly only: string | undefined
  /** How much history `yardstick` makes. */
  readonly events: number
  /** The folder whose history that goes on with and leaves there; a temporary one when absent. */
  readonly history: string | undefined
}

export const usage = `npm run loadtest -- [OPTIONS]

Sends a load of payments to a fresh system (or to --url with --key), prints what it did and checks the books.
Ends with 1 when anything was lost, doubled or wrong.

  --url URL            a system that runs already
  --key KEY            a key of an operator there
  --profile NAME       of a fresh system: embedded, or cluster with real engines and two of each process
  --reads N            0; connections that read statuses of payments just made, beside the load
  --duration SECONDS   how long is measured (20; 5 seconds before it are left out)
  --connections N      64; 8 with --batch
  --batch N            N commands in a request, to /v1/commands
  --rate N             an open loop of N commands a second; without it a closed loop finds the ceiling
  --merchants N        100; drawn by Zipf
  --seed N             1; the same seed draws the same payments
  --find-rate          finds the highest rate that keeps the lag of the projections (p99) under a second
  --stress             150 % of the sustained rate, and what comes after
  --soak               a long run at --rate, or at 70 % of the ceiling
  --hours N            1; how long the soak is
  --scale              repeats at 100,000, 1, 2, 4 … million stored events
  --up-to N            4m; how many events it goes up to
  --yardstick          measures every goal, beside what else this machine does
  --only NAMES         which parts of that, by comma
  --events N           10m; how much history that makes
  --history FOLDER     where; what is there already is gone on with, and it is kept
  --json FILE          writes the results
  --svg FILE           writes the plot of throughput and latency over time
  --compare FILE       holds the results against those of another time
  --keep               keeps the folder of the fresh system
`

/** An option that can't be used, told in a sentence. */
export class OptionError extends Error {
  override name = 'OptionError'
}

const number = (name: string, text: string, least: number): number => {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text)
  const factor = { '': 1, k: 1_000, m: 1_000_000 }[match?.[2]?.toLowerCase() ?? ''] ?? 1
  const value = Number(match?.[1]) * factor
  if (!(value >= least)) throw new OptionError(`--${name} ${text}: not a number of at least ${least}`)
  return value
}

const whole = (name: string, text: string): number => {
  const value = number(name, text, 1)
  if (!Number.isInteger(value)) throw new OptionError(`--${name} ${text}: not a whole number`)
  return value
}

/** Undefined when help was asked for. Throws `OptionError`. */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        url: text,
        key: text,
        profile: { type: 'string', default: 'embedded' },
        reads: { type: 'string', default: '0' },
        duration: { type: 'string', default: '20' },
        connections: text,
        batch: { type: 'string', default: '1' },
        rate: text,
        merchants: { type: 'string', default: '100' },
        seed: { type: 'string', default: '1' },
        'find-rate': flag,
        stress: flag,
        soak: flag,
        hours: { type: 'string', default: '1' },
        scale: flag,
        'up-to': { type: 'string', default: '4m' },
        yardstick: flag,
        only: text,
        events: { type: 'string', default: '10m' },
        history: text,
        json: text,
        svg: text,
        compare: text,
        keep: flag,
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  let values: ReturnType<typeof parse>
  try {
    values = parse()
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error))
  }
  if (values.help) return undefined
  const modes = (['stress', 'soak', 'scale', 'yardstick'] as const).filter((name) => values[name])
  const chosen: readonly Options['mode'][] = [...modes, ...(values['find-rate'] ? (['findRate'] as const) : [])]
  if (chosen.length > 1)
    throw new OptionError('one of --find-rate, --stress, --soak, --scale and --yardstick at a time')
  if ((values.url === undefined) !== (values.key === undefined)) {
    throw new OptionError('--url and --key belong together')
  }
  const mode = chosen[0] ?? 'run'
  if (values.url !== undefined && (mode === 'scale' || mode === 'yardstick')) {
    throw new OptionError(`--${mode} needs a fresh system, not --url`)
  }
  const { profile } = values
  if (profile !== 'embedded' && profile !== 'cluster') throw new OptionError('--profile is embedded or cluster')
  if (profile === 'cluster' && (mode === 'scale' || mode === 'yardstick' || values.url !== undefined)) {
    throw new OptionError('--profile cluster is for a fresh system, and neither for --scale nor --yardstick')
  }
  const batch = whole('batch', values.batch)
  if (batch > 10_000) throw new OptionError('--batch: a request has at most 10,000 commands')
  const merchants = whole('merchants', values.merchants)
  if (merchants > 65_535) throw new OptionError('--merchants: at most 65,535')
  return {
    mode,
    url: values.url,
    key: values.key,
    profile,
    reads: number('reads', values.reads, 0),
    seconds: whole('duration', values.duration),
    connections: whole('connections', values.connections ?? (batch > 1 ? '8' : '64')),
    batch,
    rate: values.rate === undefined ? undefined : number('rate', values.rate, 1),
    merchants,
    seed: whole('seed', values.seed),
    hours: number('hours', values.hours, 0),
    upTo: whole('up-to', values['up-to']),
    keep: values.keep,
    json: values.json,
    svg: values.svg,
    compare: values.compare,
    only: values.only,
    events: whole('events', values.events),
    history: values.history,
  }
}
