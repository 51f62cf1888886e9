import { exponentOf } from '../../infra/currencies.ts'
import { readableAmount } from './minor-units.ts'
import type { Answer } from './post-batch.ts'
import type { Payment } from './read-payment.ts'

/** What an import has come to so far. */
export type Tally = {
  /** Takes one answer in; returns why the row was refused, undefined if it was not. */
  add(answer: Answer): string | undefined
  /** A row that never got as far as the server. */
  addUnmapped(): void
  /** Ids of payments that were answered as pending and not resolved since. */
  pending(): readonly string[]
  /** What became of a pending payment. */
  resolve(id: string, payment: Payment): void
  readonly rows: number
  readonly refused: number
  /** The result, in lines for people. */
  lines(): readonly string[]
}

const reasonOf = ({ status, problem }: Answer): string => {
  if (!problem) return `status ${status}`
  const faults = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`.trim())
  return faults.length > 0 ? faults.join('; ') : problem.detail
}

const number = (value: number): string => value.toLocaleString('en-US')

export const createTally = (): Tally => {
  const statuses = new Map<string, number>()
  const captured = new Map<string, bigint>()
  const pending = new Set<string>()
  let [rows, refused, replayed] = [0, 0, 0]
  const refuse = () => {
    rows += 1
    refused += 1
  }
  const count = ({ status = 'done', currency, captured: units = 0 }: Payment) => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (currency !== undefined) captured.set(currency, (captured.get(currency) ?? 0n) + BigInt(units))
  }
  return {
    get rows() {
      return rows
    },
    get refused() {
      return refused
    },
    add(answer) {
      if (answer.status >= 400) {
        refuse()
        return reasonOf(answer)
      }
      rows += 1
      if (answer.replayed) replayed += 1
      const { body = {} } = answer
      if (body.status === 'pending' && body.id !== undefined) pending.add(body.id)
      else count(body)
      return undefined
    },
    addUnmapped: refuse,
    pending: () => [...pending],
    resolve(id, payment) {
      if (pending.delete(id)) count(payment)
    },
    lines: () => [
      `rows      ${number(rows)}`,
      ...Array.from(statuses, ([name, count]) => `${name.padEnd(9)} ${number(count)}`),
      ...(pending.size > 0 ? [`pending   ${number(pending.size)}`] : []),
      ...Array.from(
        captured,
        ([currency, units]) => `  ${currency} ${readableAmount(units, exponentOf(currency) ?? 0)}`,
      ),
      `refused   ${number(refused)}`,
      `replayed  ${number(replayed)}`,
    ],
  }
}
