import { exponentOf } from '../../infra/currencies.ts'
import { readableAmount } from './minor-units.ts'
import type { Answer } from './post-batch.ts'

/** What an import has come to so far. */
export type Tally = {
  /** Takes one answer in; returns why the row was refused, undefined if it was not. */
  add(answer: Answer): string | undefined
  /** A row that never got as far as the server. */
  addUnmapped(): void
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
  let [rows, refused, replayed] = [0, 0, 0]
  const refuse = () => {
    rows += 1
    refused += 1
  }
  return {
    get rows() {
      return rows
    },
    get refused() {
      return refused
    },
    add(answer) {
      const { status, body } = answer
      if (status >= 400) {
        refuse()
        return reasonOf(answer)
      }
      rows += 1
      if (answer.replayed) replayed += 1
      const name = body?.status ?? 'done'
      statuses.set(name, (statuses.get(name) ?? 0) + 1)
      if (body?.currency !== undefined && body.captured !== undefined) {
        captured.set(body.currency, (captured.get(body.currency) ?? 0n) + BigInt(body.captured))
      }
      return undefined
    },
    addUnmapped: refuse,
    lines: () => [
      `rows      ${number(rows)}`,
      ...Array.from(statuses, ([name, count]) => `${name.padEnd(9)} ${number(count)}`),
      ...Array.from(
        captured,
        ([currency, units]) => `  ${currency} ${readableAmount(units, exponentOf(currency) ?? 0)}`,
      ),
      `refused   ${number(refused)}`,
      `replayed  ${number(replayed)}`,
    ],
  }
}
