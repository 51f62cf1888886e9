import Type, { type TObject, type TProperties } from 'typebox'
import { AuthorizeBody, CaptureBody, IncrementBody, RefundBody, VoidBody } from '../../domain/payment/request.ts'
import { PaymentResourceSchema } from '../../domain/payment/resource-schema.ts'
import { PayoutBody } from '../../domain/payout/request.ts'
import { PayoutResourceSchema } from '../../domain/payout/resource.ts'
import { problemSchema } from './problem-schema.ts'

const closed = { additionalProperties: false } as const

const idempotencyKey = Type.String({ pattern: '^[\\x20-\\x7e]{1,255}$', description: "This command's own key" })
const paymentId = Type.String({ pattern: '^pay_[0-9a-f]{32}$' })

const line = <Name extends string>(type: Name, body: TObject, target: TProperties = {}) =>
  Type.Object({ type: Type.Literal(type), idempotencyKey, ...target, ...body.properties }, closed)

/** A line of a batch: a command with its type, its key and the fields that its body has alone. */
export const batchCommand = Type.Union([
  line('authorize', AuthorizeBody),
  line('capture', CaptureBody, { paymentId }),
  line('void', VoidBody, { paymentId }),
  line('increment', IncrementBody, { paymentId }),
  line('refund', RefundBody, { paymentId }),
  line('payout', PayoutBody),
])

const place = {
  index: Type.Integer({ minimum: 0, description: 'Which command it answers; blank lines are not counted' }),
  status: Type.Integer({ description: 'What the command would be answered with alone' }),
  position: Type.String({ description: 'As Daybook-Position' }),
}

/** A line of the answer. */
export const batchAnswer = Type.Union([
  Type.Object(
    {
      ...place,
      replayed: Type.Optional(Type.Literal(true)),
      body: Type.Union([PaymentResourceSchema, PayoutResourceSchema]),
    },
    closed,
  ),
  Type.Object({ ...place, replayed: Type.Optional(Type.Literal(true)), problem: problemSchema }, closed),
])
