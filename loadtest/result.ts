// What a load test found out. A transaction is a command that was accepted (2xx); the latency of a batch's lines is that
// of their request. This is also the JSON that `--json` writes and `--compare` reads.

/** Latencies in milliseconds. */
export type Percentiles = {
  readonly p50: number
  readonly p75: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** One second of a run, counted from the end of the warm-up; latencies in milliseconds. */
export type Second = {
  readonly second: number
  readonly transactions: number
  readonly errors: number
  readonly p50: number
  readonly p99: number
  /** Events that the slowest projection had yet to apply. */
  readonly lagEvents: number
}

/**
 * What a process (`main`, `projections`, `PostgreSQL`, `load generator` …) used from the end of the warm-up until the
 * projections had caught up.
 */
export type ProcessUse = {
  readonly name: string
  readonly cpuSeconds: number
  readonly usPerTransaction: number
  /** The most memory that was seen resident, without pages of mapped files; what processes share is counted once. */
  readonly rssMaxMiB: number
  readonly handlesMax: number
}

/** How far the projections were behind while the run was measured, and how long they took to catch up after it. */
export type Lag = {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly endEvents: number
  readonly drainSeconds: number
}

/** Where the time of a command went in the command side, on average and in milliseconds. */
export type CommandTime = {
  readonly totalMs: number
  /** What it waited for: how many such calls there were for a command, and how long each took. */
  readonly parts: readonly { readonly name: string; readonly perCommand: number; readonly ms: number }[]
  /** What is left: reading, checking, deciding, and waiting for a turn. */
  readonly besidesMs: number
}

/** Reads of statuses beside the load. */
export type StatusReads = {
  readonly reads: number
  readonly failed: number
  /** How many a cache had, 0 to 1. */
  readonly hitRate: number
  readonly tiers: readonly { readonly tier: string; readonly hits: number; readonly misses: number }[]
}

/** What came of checking the books. */
export type Books = { readonly acknowledged: number; readonly checked: number; readonly faults: readonly string[] }

/** One measured run. */
export type Run = {
  readonly name: string
  readonly mode: 'closed' | 'open'
  /** Commands in a request; 1 is a command of its own. */
  readonly batch: number
  readonly connections: number
  /** Commands a second that an open loop offered. */
  readonly rate?: number
  readonly seconds: number
  readonly transactions: number
  readonly perSecond: number
  /** Accepted of all that was sent, 0 to 1. */
  readonly successRate: number
  /** How often each kind of error came, by status and code (`503 overloaded`) or the connection's own (`ECONNRESET`). */
  readonly errors: Readonly<Record<string, number>>
  readonly latency: Percentiles
  readonly timeline: readonly Second[]
  readonly processes: readonly ProcessUse[]
  readonly lag: Lag
  /** Where the system's metrics can be read. */
  readonly commandTime?: CommandTime
  readonly statusReads?: StatusReads
  readonly books?: Books
}

/** Something that the same machine was seen to do in the same report, to hold the figures against. */
export type Yardstick = {
  readonly name: string
  readonly perSecond: number
  readonly latency?: Percentiles
  readonly note?: string
}

/** One of the goals for speed, and what was measured. */
export type Goal = {
  readonly number: 1 | 2 | 3 | 4 | 5 | 6 | 7
  readonly what: string
  readonly goal: string
  readonly measured: string
  readonly ratio?: number
  /** `undefined`: not measured. */
  readonly met: boolean | undefined
}

/** The machine that system and load generator shared. */
export type Machine = {
  readonly cpus: number
  readonly model: string
  readonly memoryGiB: number
  readonly node: string
}

/** Everything one invocation measured. */
export type Report = {
  readonly version: 1
  /** RFC 3339. */
  readonly startedAt: string
  readonly machine: Machine
  readonly runs: readonly Run[]
  readonly yardsticks: readonly Yardstick[]
  readonly goals: readonly Goal[]
}
