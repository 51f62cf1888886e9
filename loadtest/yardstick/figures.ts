import type { Lag, ProcessUse } from '../result.ts'
import type { StartUp } from '../start-up.ts'

/** How long a page takes, in milliseconds, at so many stored payments. */
export type PageReads = { readonly what: string; readonly payments: number; readonly p50: number; readonly p99: number }

/** A system with so many events stored. */
export type Size = {
  readonly events: number
  /** Accepted commands a second: one a request, and in batches. */
  readonly single: number
  readonly batch: number
  /** What the no-op server took a second just before: how fast the machine was. */
  readonly noop: number
  /** As the batches left them. */
  readonly processes: readonly ProcessUse[]
  /** After `kill -9` to all of it. */
  readonly startUp: StartUp
  readonly pages: readonly PageReads[]
}

/** A projector that begins with empty tables. Its CPU and PostgreSQL's are in seconds. */
export type CatchUp = {
  readonly events: number
  readonly seconds: number
  readonly projectorCpuSeconds: number
  readonly postgresCpuSeconds: number
}

/** The log alone, read from its begin by a process that does nothing else. */
export type LogReading = { readonly events: number; readonly seconds: number; readonly cpuSeconds: number }

/** Requests a second of the no-op server and of Daybook, in turns. */
export type Beside = { readonly noop: number; readonly daybook: number }

/** What the goals are held against. What was not measured is absent. */
export type Figures = {
  readonly single?: Beside
  /** An open loop at a part of the ceiling of `single`; latency in milliseconds. */
  readonly open?: { readonly rate: number; readonly ofCeiling: number; readonly p99: number }
  readonly batch?: { readonly lines: number; readonly perSecond: number }
  readonly sustained?: { readonly perSecond: number; readonly seconds: number; readonly lag: Lag }
  /** The highest rate of single commands that kept the lag's p99 under a second. */
  readonly followed?: { readonly perSecond: number; readonly lagP99Ms: number }
  readonly catchUp?: CatchUp
  readonly logReading?: LogReading
  readonly cachedReads?: Beside
  readonly sizes?: readonly Size[]
}
