import type { Order } from './command.ts'
import type { Outcome } from './difference.ts'

/** A repair as its stream tells of it, folded. */
export type Repair = {
  /** Absent where nobody has ordered it. */
  readonly order?: Order
  /** Absent until it was made. */
  readonly outcome?: Outcome
  /** -1 for one that nobody has ordered. */
  readonly revision: number
}
