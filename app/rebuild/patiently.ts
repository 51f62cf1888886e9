import { setTimeout as wait } from 'node:timers/promises'
import { CopyBehind } from '../../projections/rebuild/refused.ts'

const pauseMs = 200

/** Does what a copy has to be level with the live one for, as soon as it is; after `patienceMs` it throws `CopyBehind`. */
export const patiently = async <T>(work: () => Promise<T>, patienceMs: number): Promise<T> => {
  for (const deadline = performance.now() + patienceMs; ; await wait(pauseMs)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof CopyBehind) || performance.now() >= deadline) throw error
    }
  }
}
