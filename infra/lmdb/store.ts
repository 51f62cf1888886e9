import { type Environment, openEnvironment } from './environment.ts'
import { type StreamIndex, streamIndex } from './stream-index.ts'

/** The databases of a log and what this process remembers of them. */
export type Store = { readonly environment: Environment; readonly index: StreamIndex }

export type StoreOptions = {
  /** The folder; made when it is not there, unless `readOnly`. */
  readonly path: string
  readonly readOnly?: boolean
  /** How many streams with recent events are kept in memory, about 220 bytes each; 65,536 when absent. */
  readonly recentStreams?: number
}

export const openStore = ({ path, readOnly = false, recentStreams = 65_536 }: StoreOptions): Store => {
  const environment = openEnvironment(path, readOnly)
  return { environment, index: streamIndex(environment, recentStreams) }
}
