import type { Operation } from './operation.ts'
import { batch } from './operations/batch.ts'
import { gateways } from './operations/gateways.ts'
import { ledger } from './operations/ledger.ts'
import { merchants } from './operations/merchants.ts'
import { paymentReads } from './operations/payment-reads.ts'
import { paymentCommands } from './operations/payments.ts'
import { parkedStreams } from './operations/parked.ts'
import { payouts } from './operations/payouts.ts'
import { rebuilds } from './operations/rebuilds.ts'
import { reconciliation } from './operations/reconciliation.ts'
import { running } from './operations/running.ts'
import { settlements } from './operations/settlements.ts'

/** Every operation of both sides. */
export const operations: readonly Operation[] = [
  ...paymentReads,
  ...paymentCommands,
  ...payouts,
  ...batch,
  ...settlements,
  ...ledger,
  ...merchants,
  ...gateways,
  ...running,
  ...rebuilds,
  ...parkedStreams,
  ...reconciliation,
]
