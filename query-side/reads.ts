import type { KeyReader } from '../personal/key-store.ts'
import type { ViewOf } from './as-of.ts'
import type { History } from './history.ts'
import type { ReadModels } from './read-models.ts'

/** What reads are answered from. */
export type Reads = {
  readonly models: ReadModels
  readonly history: History
  /** The keys of what is personal in both. */
  readonly keys: KeyReader
  /** How far it is from one event of a log to the next (`domain/period.ts`). */
  readonly stride: number
  readonly viewOf: ViewOf
}

/** What reads of the past are made from. */
export type Past = Omit<Reads, 'keys' | 'viewOf'>
