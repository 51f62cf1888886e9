import type { Gateway } from '../gateway.ts'
import { createGateways } from '../gateways.ts'
import { noFees } from '../../domain/merchant/fees.ts'
import { resolveRound } from '../resolver.ts'
import type { WorkList } from '../work-list.ts'
import { everything, type Ledger } from './ledger.ts'

/** One round of the resolver; `workList` names every payment when absent. Gives what it logged. */
export const resolveOnce = async (
  { log, clock }: Ledger,
  gateway: Gateway,
  workList: WorkList = everything(log),
): Promise<readonly unknown[]> => {
  const logged: unknown[] = []
  const note = (fields: unknown) => logged.push(fields)
  const logger = { info: note, warn: note, error: note }
  const gateways = createGateways([gateway], { timeoutMs: 2_000, maxConcurrent: 10 }, logger)
  const merchants = { feesOf: () => Promise.resolve(noFees), gatewayOf: () => Promise.resolve(gateway.name) }
  const round = resolveRound({ store: log, merchants, gateways, workList, clock, openForMs: 2_000, logger })
  await round(new AbortController().signal)
  return logged
}
