import type { RateLimitUse } from '../../http/rate-limit.ts'
import type { Snapshot } from '../../infra/metrics/merged-metrics.ts'
import type { ReadModelsPlace } from '../engines/read-models.ts'

/** What the main process tells a worker. */
export type ToWorker =
  /** Open the port, though there is nothing behind it yet. */
  | { readonly type: 'listen' }
  /** What the sides stand on is there: answer requests. */
  | { readonly type: 'serve'; readonly place: ReadModelsPlace }
  /** What /ready waits for, by name; told again whenever it changes. */
  | { readonly type: 'waitsFor'; readonly names: readonly string[] }
  /** What has changed, for the cache: `StatusEntry[]` in the form of `node:v8`, made once for all workers. */
  | { readonly type: 'statuses'; readonly entries: Uint8Array }
  /** What the uses of this number came to, in their order. */
  | { readonly type: 'used'; readonly number: number; readonly uses: readonly RateLimitUse[] }

/** What a worker tells the main process. */
export type FromWorker =
  /** It hears what it is told. */
  | { readonly type: 'started' }
  /** The port is open. */
  | { readonly type: 'listening'; readonly port: number }
  /** Requests are answered. */
  | { readonly type: 'ready' }
  /** Nobody can go on, for a reason that people are to see. */
  | { readonly type: 'failed'; readonly reason: string }
  /** This process's figures; now and then. */
  | { readonly type: 'metrics'; readonly snapshot: Snapshot }
  /** Counts one use of the allowance of each key. */
  | { readonly type: 'use'; readonly number: number; readonly keys: readonly string[] }
