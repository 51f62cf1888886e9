import type { Plan } from '../mix.ts'
import { standardMix } from '../mix.ts'

/** Of the standard mix those payments that are authorized and captured by one command, and nothing that follows. */
export const automaticMix = (seed: number): Plan[] =>
  standardMix(seed)
    .filter(({ fields }) => !fields.includes('"capture":"manual"'))
    .map((plan) => ({ ...plan, followUps: [] }))
