import type { Command } from './commands.ts'

// Answers are looked at by their first characters only: parsing them would cost the load generator more than all else
// it does. What a payment's answer begins with is part of the contract, and whatever begins otherwise counts as an error.

/**
 * What became of one command: the payment's id where it was accepted, and whether its gateway has yet to say what became
 * of it; else the error's name.
 */
export type Outcome = { readonly paymentId: string; readonly isPending: boolean } | { readonly error: string }

const begin = '{"id":"pay_'
const pending = '"status":"pending"'
const idLength = 'pay_'.length + 32

const codeIn = (text: string, from: number): string => {
  const at = text.indexOf('"code":"', from)
  return at < 0 ? '' : ` ${text.slice(at + 8, text.indexOf('"', at + 8))}`
}

const outcomeAt = (command: Command, status: number, text: string, from: number): Outcome => {
  if (status !== 201) return { error: `${status}${codeIn(text, from)}` }
  const paymentId = text.slice(from + 7, from + 7 + idLength)
  const fits = text.startsWith(begin, from) && (command.step < 0 || paymentId === command.paymentId)
  // The first status is the payment's own.
  const isPending = text.startsWith(pending, text.indexOf('"status":"', from))
  return fits ? { paymentId, isPending } : { error: `${status} with another payment` }
}

/** What became of a command that was sent alone. */
export const outcomeOf = (command: Command, status: number, body: string): Outcome =>
  outcomeAt(command, status, body, 0)

/** What became of a batch's commands, in their order. */
export const outcomesOf = (commands: readonly Command[], status: number, body: string): Outcome[] => {
  if (status !== 200) return commands.map(() => ({ error: `${status}${codeIn(body, 0)}` }))
  let from = 0
  return commands.map((command, index) => {
    const line = `{"index":${index},"status":`
    const end = body.indexOf('\n', from)
    if (end < 0 || !body.startsWith(line, from)) return { error: '200 without an answer' }
    const lineStatus = Number(body.slice(from + line.length, from + line.length + 3))
    // A status other than 201 has a problem in place of the body, and its code follows.
    const bodyAt = lineStatus === 201 ? body.indexOf('"body":', from) + 7 : from
    const outcome = outcomeAt(command, lineStatus, body, bodyAt)
    from = end + 1
    return outcome
  })
}
