import type { DomainEvent, EventMetadata } from '../domain/event.ts'
import { isSealed, type Member, textAt, withTexts } from '../domain/personal.ts'
import { fingerprintOf, whatDiffers } from '../http/fingerprint.ts'
import { Problem } from '../http/problem.ts'

/** What a client sent, as far as it tells a repetition of a command from another one with the same key. */
export type Sent = {
  /**
   * Digest of all that is not personal. It is stored, and from a digest of a name or an address they could be found by
   * trying; what is personal is held against what was sealed, as long as that can be opened.
   */
  readonly fingerprint: string
  /** What is personal in it; absent where nothing is. */
  readonly personal?: {
    readonly texts: readonly (Member & { readonly text: string })[]
    /** The digest of all of it, as it was stored before anything was sealed. */
    readonly wholeFingerprint: () => string
  }
}

/** What a client sent: a body, of which `members` are personal, for a target. */
export const sentOf = (type: string, target: string, body: object, members: readonly Member[] = []): Sent => {
  const texts = members.flatMap((member) => {
    const text = textAt(body, member)
    return text === undefined ? [] : [{ ...member, text }]
  })
  const fingerprint = fingerprintOf(
    type,
    target,
    withTexts(body, members, () => ''),
  )
  if (texts.length === 0) return { fingerprint }
  return { fingerprint, personal: { texts, wholeFingerprint: () => fingerprintOf(type, target, body) } }
}

const fingerprintDiffers = (stored: string, { fingerprint, personal }: Sent): readonly string[] => {
  const differences = whatDiffers(stored, fingerprint)
  if (differences.length === 0 || personal === undefined) return differences
  const inWhole = whatDiffers(stored, personal.wholeFingerprint())
  return inWhole.length < differences.length ? inWhole : differences
}

/** What was forgotten differs from nothing. */
const textsDiffer = (events: readonly DomainEvent[], { personal }: Sent): readonly string[] =>
  (personal?.texts ?? []).flatMap(({ text, ...member }) => {
    const was = events.map(({ data }) => textAt(data, member)).find((each) => each !== undefined)
    return was === undefined || isSealed(was) || was === text ? [] : [member.pointer]
  })

type Told = DomainEvent & { readonly metadata: EventMetadata }

/** Throws 422 `idempotencyKeyReused` unless the events, which have its key, were caused by the command that was sent. */
export const refuseReuse = (events: readonly Told[], sent: Sent): void => {
  const first = fingerprintDiffers(events[0]?.metadata.fingerprint ?? '', sent)
  const differences = first.length > 0 ? first : textsDiffer(events, sent)
  if (differences.length === 0) return
  const named = differences.map((pointer) => pointer || 'the body').join(', ')
  throw new Problem(
    422,
    'idempotencyKeyReused',
    `This Idempotency-Key was used before, with another command: ${named}`,
    { errors: differences.map((pointer) => ({ pointer, detail: 'differs from the first command with this key' })) },
  )
}

/** The 409 for a key whose first command is still under way. */
export const keyInFlight = (): Problem =>
  new Problem(409, 'idempotencyKeyInFlight', 'The first command with this Idempotency-Key has no answer yet', {
    headers: { 'Retry-After': '1' },
  })
