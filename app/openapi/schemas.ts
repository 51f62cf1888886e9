import Type, { type TSchema } from 'typebox'
import { GatewayConfigBody, MethodRulesBody } from '../../domain/gateway/request.ts'
import { GatewayResourceSchema } from '../../domain/gateway/resource.ts'
import { GatewayBody, MerchantBody, SettleBody } from '../../domain/merchant/request.ts'
import { FeeScheduleSchema } from '../../domain/merchant/fees.ts'
import { SettlementResourceSchema } from '../../domain/merchant/settlement.ts'
import { AuthenticationSchema, MandateSchema, MethodSchema, ShownMethodSchema } from '../../domain/payment/method.ts'
import {
  AuthorizeBody,
  CaptureBody,
  CloseDisputeBody,
  DisputeBody,
  ExpireBody,
  IncrementBody,
  RefundBody,
  VoidBody,
} from '../../domain/payment/request.ts'
import {
  DeclineSchema,
  DisputeResourceSchema,
  OperationResourceSchema,
  PaymentResourceSchema,
} from '../../domain/payment/resource-schema.ts'
import { DestinationSchema, ShownDestinationSchema } from '../../domain/payout/destination.ts'
import { FailureBody, PayoutBody, SentBody, SettledBody } from '../../domain/payout/request.ts'
import { PayoutResourceSchema } from '../../domain/payout/resource.ts'
import { MetadataSchema } from '../../domain/text.ts'
import { ForgetBody, ForgettingSchema } from '../../command-side/forgetting/requests.ts'
import { IssuedKeySchema, KeyBody, MerchantResourceSchema } from '../../command-side/merchants/resource.ts'
import { AsOfSchema } from '../../query-side/as-of.ts'
import { BalanceSchema } from '../../query-side/balances.ts'
import { DailySchema } from '../../query-side/daily.ts'
import { EntrySchema } from '../../query-side/entries.ts'
import { EventSchema } from '../../query-side/events.ts'
import { InternalReconciliationSchema } from '../../query-side/internal-reconciliation.ts'
import { ProjectionSchema } from '../../query-side/projections.ts'
import { TrialBalanceSchema } from '../../query-side/trial-balance.ts'
import { DiscardBody, ParkedStreamDetailsSchema, ParkedStreamSchema, RetriedSchema } from '../parked/schemas.ts'
import {
  DiffSchema,
  DroppedSchema,
  EmptyBody,
  RebuildBody,
  RebuildProgressSchema,
  RebuildStartSchema,
  SwitchedSchema,
} from '../rebuild/schemas.ts'
import { RepairBody, RepairsSchema } from '../reconciliation/schemas.ts'
import { batchAnswer, batchCommand } from './batch-schemas.ts'
import { problemSchema } from './problem-schema.ts'

const closed = { additionalProperties: false } as const

const page = (entry: TSchema) =>
  Type.Object(
    {
      data: Type.Array(entry),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page' }),
      asOf: Type.Optional(AsOfSchema),
    },
    closed,
  )

/** Every schema that the document names. They are the very ones that requests are checked with and answers are made by. */
export const schemas = {
  Authentication: AuthenticationSchema,
  AuthorizeRequest: AuthorizeBody,
  Balance: BalanceSchema,
  BalancePage: page(BalanceSchema),
  BatchAnswer: batchAnswer,
  BatchCommand: batchCommand,
  CaptureRequest: CaptureBody,
  CloseDisputeRequest: CloseDisputeBody,
  DailyPage: page(DailySchema),
  DailyTotals: DailySchema,
  Decline: DeclineSchema,
  Destination: ShownDestinationSchema,
  DestinationRequest: DestinationSchema,
  Diff: DiffSchema,
  DiscardRequest: DiscardBody,
  Dispute: DisputeResourceSchema,
  DisputeRequest: DisputeBody,
  Dropped: DroppedSchema,
  EmptyRequest: EmptyBody,
  Entry: EntrySchema,
  EntryPage: page(EntrySchema),
  Event: EventSchema,
  EventPage: page(EventSchema),
  ExpireRequest: ExpireBody,
  FeeSchedule: FeeScheduleSchema,
  ForgetRequest: ForgetBody,
  Forgetting: ForgettingSchema,
  Gateway: GatewayResourceSchema,
  GatewayConfigRequest: GatewayConfigBody,
  GatewayRequest: GatewayBody,
  Gateways: Type.Object({ data: Type.Array(GatewayResourceSchema) }, closed),
  Health: Type.Object({ status: Type.Literal('ok') }, closed),
  IncrementRequest: IncrementBody,
  IssuedKey: IssuedKeySchema,
  KeyRequest: KeyBody,
  InternalReconciliation: InternalReconciliationSchema,
  Mandate: MandateSchema,
  Merchant: MerchantResourceSchema,
  MerchantRequest: MerchantBody,
  Metadata: MetadataSchema,
  Method: ShownMethodSchema,
  MethodRequest: MethodSchema,
  MethodRulesRequest: MethodRulesBody,
  Operation: OperationResourceSchema,
  ParkedStream: ParkedStreamSchema,
  ParkedStreamDetails: ParkedStreamDetailsSchema,
  ParkedStreamPage: Type.Object(
    { data: Type.Array(ParkedStreamSchema), nextCursor: Type.Union([Type.String(), Type.Null()]) },
    closed,
  ),
  Payment: PaymentResourceSchema,
  PaymentPage: page(PaymentResourceSchema),
  Payout: PayoutResourceSchema,
  PayoutFailedRequest: FailureBody,
  PayoutPage: page(PayoutResourceSchema),
  PayoutRequest: PayoutBody,
  PayoutSentRequest: SentBody,
  PayoutSettledRequest: SettledBody,
  Problem: problemSchema,
  Projection: ProjectionSchema,
  Projections: Type.Object({ data: Type.Array(ProjectionSchema) }, closed),
  Ready: Type.Object({ status: Type.Literal('ready'), without: Type.Optional(Type.Array(Type.String())) }, closed),
  RebuildProgress: RebuildProgressSchema,
  RebuildRequest: RebuildBody,
  RebuildStart: RebuildStartSchema,
  RefundRequest: RefundBody,
  Retried: RetriedSchema,
  RepairRequest: RepairBody,
  Repairs: RepairsSchema,
  SettleRequest: SettleBody,
  Settlement: SettlementResourceSchema,
  SettlementPage: page(SettlementResourceSchema),
  Settlements: Type.Object({ data: Type.Array(SettlementResourceSchema) }, closed),
  Switched: SwitchedSchema,
  TrialBalance: TrialBalanceSchema,
  VoidRequest: VoidBody,
  Waiting: Type.Object({ status: Type.Literal('waiting'), waitsFor: Type.Array(Type.String()) }, closed),
} as const satisfies Readonly<Record<string, TSchema>>

export type SchemaName = keyof typeof schemas
