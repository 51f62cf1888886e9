import { randomBytes } from 'node:crypto'
import { type Client, clientOf, positionOf } from '../../../app/testing/client.ts'
import type { Settings } from '../../../app/testing/program.ts'
import { type Position, positionAt, sequencesIn } from '../../../domain/position.ts'

const { DAYBOOK_E2E_URL: url = '', DAYBOOK_E2E_KEY: key = '', DAYBOOK_E2E_SETTINGS: given = '{}' } = process.env

/** What the processes of the cluster were told that the tests' setup has started. */
export const settings = JSON.parse(given) as Settings

/** A merchant of one test in that cluster. */
export type Shop = {
  readonly merchantId: string
  readonly operator: Client
  readonly merchant: Client
  /** Pays by UPI and waits until it can be read; gives the payment's id. */
  pay(payer: object, more?: object): Promise<string>
  /** Where all that was paid is read, over every log: one replica may lag behind what another has told. */
  position(): Position
}

export const openShop = async (name: string): Promise<Shop> => {
  const merchantId = `${name}-${randomBytes(6).toString('hex')}`
  const operator = clientOf(url, key)
  await operator.post('/v1/merchants', { id: merchantId, name })
  const issued = await operator.post(`/v1/merchants/${merchantId}/keys`, { role: 'merchant' })
  const merchant = clientOf(url, String(issued.body['key']))
  const paidIn: (number | undefined)[] = []
  const pay = async (payer: object, more = {}): Promise<string> => {
    const body = { amount: 900, currency: 'INR', method: { type: 'upi', ...payer }, ...more }
    const paid = await merchant.post('/v1/payments', body, randomBytes(8).toString('hex'))
    const id = String(paid.body['id'])
    const at = positionOf(paid)
    sequencesIn(at).forEach((sequence, log) => {
      paidIn[log] = Math.max(sequence, paidIn[log] ?? 0)
    })
    const read = await merchant.get(`/v1/payments/${id}?minPosition=${at}`)
    if (read.status !== 200) throw new Error(`${id} cannot be read: ${JSON.stringify(read.body)}`)
    return id
  }
  return {
    merchantId,
    operator,
    merchant,
    pay,
    position: () => positionAt(Array.from(paidIn, (sequence) => sequence ?? 0)),
  }
}
