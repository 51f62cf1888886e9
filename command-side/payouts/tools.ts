import type { EventStore } from '../event-store.ts'
import type { Logger } from '../logger.ts'
import type { ChangeMerchant } from '../merchants/change-merchant.ts'
import type { MerchantStates } from '../merchants/merchant-states.ts'
import type { OpenCalls } from '../open-calls.ts'
import type { PatientBank } from './patient-bank.ts'

/** What it takes to work on payouts. */
export type PayoutTools = {
  readonly store: EventStore
  readonly merchants: MerchantStates
  readonly changeMerchant: ChangeMerchant
  readonly bank: PatientBank
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly openCalls: OpenCalls
  readonly logger: Logger
}

/** The time as commands carry it. */
export const nowOf = ({ clock }: Pick<PayoutTools, 'clock'>): string => new Date(clock()).toISOString()
