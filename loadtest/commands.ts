import type { FollowUp, Plan } from './mix.ts'
import { randomFrom, zipf } from './random.ts'

/** A merchant that the load is sent for. */
export type LoadMerchant = { readonly id: string; readonly key: string }

/** What a command is; a `payment` is authorized and captured by one command. */
export type CommandKind = 'authorization' | 'payment' | 'capture' | 'void' | 'refund'

/** A command that is sent. */
export type Command = {
  /** Unique in the run; its key is made of it. */
  readonly number: number
  readonly kind: CommandKind
  /** Place among the merchants. */
  readonly merchant: number
  /** Place in the mix. */
  readonly plan: number
  /** Place among the plan's follow-ups, −1 for the payment itself. */
  readonly step: number
  /** The payment's id, '' while the payment itself is made. */
  readonly paymentId: string
}

/** Makes the commands of a run, as text to be written to a connection. Everything in it is ASCII. */
export type Commands = {
  next(): Command
  /** So many commands of one merchant. */
  nextBatch(count: number): readonly Command[]
  /** The whole HTTP request of one command. */
  request(command: Command): string
  /** The whole HTTP request of a batch, all of one merchant. */
  batchRequest(commands: readonly Command[]): string
  /** A command was accepted and done: what follows it can be sent. */
  accepted(command: Command, paymentId: string): void
}

/** The Idempotency-Key of a run's command. */
export const keyOf = (run: string, number: number): string => `${run}-${number}`

// A follow-up comes when so many wait, which is some 2,000 commands after what it follows.
const heldBack = 256
// Where more wait, as after an overload, what comes on top never follows; its payments stay as they are.
const longestQueue = 100_000
const largestShareOfFollowUps = 0.25

type Waiting = Omit<Command, 'number'>

/** First in, first out, without moving what is in it. */
const createQueue = () => {
  let items: Waiting[] = []
  let first = 0
  return {
    size: () => items.length - first,
    add: (item: Waiting) => {
      if (items.length - first < longestQueue) items.push(item)
    },
    take: (): Waiting | undefined => {
      const item = items[first]
      if (item !== undefined) first += 1
      if (first > 1_024 && first * 2 > items.length) {
        items = items.slice(first)
        first = 0
      }
      return item
    },
  }
}

/** What never changes in a command's text: for a request of its own, what follows the key; for a batch, its fields. */
type Text = { readonly kind: CommandKind; readonly path: string; readonly tail: string; readonly fields: string }

const textOf = (kind: CommandKind, path: string, fields: string): Text => ({
  kind,
  path,
  tail: `\r\nContent-Length: ${fields.length + 2}\r\n\r\n{${fields}}`,
  fields: fields === '' ? '}' : `,${fields}}`,
})

const paths: Readonly<Record<FollowUp['kind'], string>> = { capture: 'captures', void: 'voids', refund: 'refunds' }

/** The texts of a plan, its payment first. */
const textsOf = ({ fields, followUps }: Plan): readonly Text[] => [
  textOf(fields.includes('"capture":"manual"') ? 'authorization' : 'payment', '', fields),
  ...followUps.map((each) => textOf(each.kind, `/${paths[each.kind]}`, each.fields)),
]

const lineType = {
  authorization: 'authorize',
  payment: 'authorize',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
}

/** `run` makes the keys of one run differ from any other's; `host` as HTTP has it. */
export const createCommands = (
  run: string,
  host: string,
  mix: readonly Plan[],
  merchants: readonly LoadMerchant[],
  seed: number,
): Commands => {
  const texts = mix.map(textsOf)
  const drawMerchant = zipf(merchants.length, randomFrom(seed + 1))
  // By merchant for batches, which are one merchant's.
  const byMerchant = merchants.map(createQueue)
  const waiting = createQueue()
  let isBatch = false
  let number = 0
  let place = 0

  const headers = (contentType: string) =>
    merchants.map(
      ({ key }) => ` HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\nContent-Type: ${contentType}\r\n`,
    )
  const ofOne = headers('application/json')
  const ofMany = headers('application/x-ndjson')
  const textAt = ({ plan, step }: Waiting): Text => texts[plan]?.[step + 1] as Text

  const payment = (merchant: number): Command => {
    const plan = place++ % mix.length
    const kind = texts[plan]?.[0]?.kind ?? 'payment'
    return { number: number++, kind, merchant, plan, step: -1, paymentId: '' }
  }

  const lineOf = (command: Command): string => {
    const { kind, fields } = textAt(command)
    const target = command.step < 0 ? '' : `"paymentId":"${command.paymentId}",`
    return `{"type":"${lineType[kind]}",${target}"idempotencyKey":"${keyOf(run, command.number)}"${fields}\n`
  }

  return {
    next: () => {
      const followUp = waiting.size() > heldBack ? waiting.take() : undefined
      return followUp === undefined ? payment(drawMerchant()) : { ...followUp, number: number++ }
    },
    nextBatch: (count) => {
      isBatch = true
      const merchant = drawMerchant()
      const commands: Command[] = []
      while (commands.length < count * largestShareOfFollowUps) {
        const followUp = byMerchant[merchant]?.take()
        if (followUp === undefined) break
        commands.push({ ...followUp, number: number++ })
      }
      while (commands.length < count) commands.push(payment(merchant))
      return commands
    },
    request: (command) => {
      const { path, tail } = textAt(command)
      const to = command.step < 0 ? '' : `/${command.paymentId}${path}`
      const head = ofOne[command.merchant] ?? ''
      return `POST /v1/payments${to}${head}Idempotency-Key: ${keyOf(run, command.number)}${tail}`
    },
    batchRequest: (commands) => {
      let body = ''
      for (const command of commands) body += lineOf(command)
      const head = ofMany[commands[0]?.merchant ?? 0] ?? ''
      return `POST /v1/commands${head}Content-Length: ${body.length}\r\n\r\n${body}`
    },
    accepted: ({ merchant, plan, step }, paymentId) => {
      const next = texts[plan]?.[step + 2]
      if (next === undefined) return
      const queue = isBatch ? byMerchant[merchant] : waiting
      queue?.add({ kind: next.kind, merchant, plan, step: step + 1, paymentId })
    },
  }
}
