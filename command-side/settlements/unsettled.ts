import type { Unsettled } from '../../domain/merchant/command.ts'
import type { Position } from '../../domain/position.ts'

/** Which merchants and currencies a settlement is about; all where absent. */
export type SettlementFilter = { readonly merchantId?: string; readonly currency?: string }

/**
 * What stands on merchants' pending accounts and in no settlement yet, one entry per merchant and currency that has
 * anything. It speaks of one place in the log, `atLeast` or later; of a merchant with a payment that cannot be read yet,
 * of the place before that, so that no posting comes to light behind a settlement. Waits `waitMs` at most for the read
 * models to get there, then throws `ReadModelBehind`.
 */
export type UnsettledPostings = (
  filter: SettlementFilter,
  atLeast: Position,
  waitMs: number,
) => Promise<readonly Unsettled[]>

/** The read models did not reach a position in time. */
export class ReadModelBehind extends Error {
  override name = 'ReadModelBehind'
}

/** Known by its name: the driver that throws it need not be built with this class. */
export const isReadModelBehind = (error: unknown): boolean => error instanceof Error && error.name === 'ReadModelBehind'
