import type { Run } from '../result.ts'

/** What a mode found out; `faults` are those beyond the books of its runs. */
export type Outcome = { readonly runs: readonly Run[]; readonly faults: readonly string[] }
