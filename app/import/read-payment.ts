import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

/** A payment as far as an import reads it. */
export const PaymentSchema = Type.Object({
  id: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
  currency: Type.Optional(Type.String()),
  captured: Type.Optional(Type.Integer()),
})
export type Payment = Static<typeof PaymentSchema>

/** Reads a payment; undefined while it cannot be read. */
export type ReadPayment = (id: string) => Promise<Payment | undefined>

const timeoutMs = 10_000

/** Reads from one server, with one key. */
export const readPaymentFrom =
  (url: string, key: string): ReadPayment =>
  async (id) => {
    const options = { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(timeoutMs) }
    const body: unknown = await fetch(new URL(`/v1/payments/${id}`, url), options).then(
      (response) => (response.ok ? response.json() : undefined),
      () => undefined,
    )
    return Value.Check(PaymentSchema, body) ? body : undefined
  }
