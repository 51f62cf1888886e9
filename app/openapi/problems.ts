import { rejections } from '../../domain/rejection.ts'
import { refusal } from '../../command-side/refusal.ts'

/** What a problem's code means, and the status that it comes with. */
export type ProblemKind = { readonly status: number; readonly means: string }

const edge: Readonly<Record<string, ProblemKind>> = {
  batchTooLong: {
    status: 413,
    means: 'A batch has 10,000 commands at most. This line and what follows it was not done.',
  },
  bodyTooLarge: { status: 413, means: 'The body, or a line of a batch, has more than 64 KiB.' },
  cardDataRefused: {
    status: 400,
    means:
      'Something in the request looks like a card number or a security code. Nothing of it was kept. Send the token of your vault or gateway.',
  },
  conflict: { status: 409, means: 'The resource kept changing under the command. Nothing was done; try again.' },
  forbidden: { status: 403, means: 'The key is good, but its role may not do this.' },
  gatewayDeclined: {
    status: 422,
    means:
      'The gateway said no to a capture, void, increment or refund; `decline` has its reason. This is recorded, and replayed.',
  },
  gatewayNotFound: { status: 404, means: 'There is no such gateway.' },
  gatewayUnavailable: { status: 503, means: "The merchant's gateway is not configured here at this time." },
  idempotencyKeyInFlight: { status: 409, means: 'The first command with this key has no answer yet. Try again.' },
  idempotencyKeyInvalid: { status: 400, means: 'An Idempotency-Key has 1 to 255 printable ASCII characters.' },
  idempotencyKeyMissing: { status: 400, means: 'The command needs an Idempotency-Key, so that it can be retried.' },
  idempotencyKeyReused: {
    status: 422,
    means: 'The key was used before, with another command or another body; `errors` names what differs.',
  },
  customerNotFound: { status: 404, means: 'The merchant has no payments of such a customer.' },
  eventNotUnderstood: {
    status: 503,
    means:
      'What this is about has an event that this instance cannot read, as a newer version has written it. Nothing is added to it. Try again: another instance may know it.',
  },
  eventStoreUnavailable: {
    status: 503,
    means:
      'The event store cannot be reached. A command may have been done: send it again with the same Idempotency-Key.',
  },
  ifMatchInvalid: { status: 400, means: 'If-Match must be `*`, or ETags in quotes.' },
  internalError: { status: 500, means: 'A fault of ours. The trace id helps to find it.' },
  invalidCursor: { status: 400, means: 'The cursor is damaged, or belongs to a list with other filters.' },
  invalidRequest: { status: 400, means: 'The request does not fit its schema; `errors` has every fault.' },
  keyStoreUnavailable: {
    status: 503,
    means:
      'The keys of personal data cannot be reached. A command may have been done: send it again with the same Idempotency-Key.',
  },
  malformedJson: { status: 400, means: 'The body is no JSON.' },
  methodNotAllowed: { status: 405, means: 'The path exists, but not with this method; see Allow.' },
  notFound: { status: 404, means: 'There is nothing at this address.' },
  notYetProjected: {
    status: 503,
    means: 'The read models did not reach `minPosition` in time; Daybook-Position tells how far they are. Try again.',
  },
  numberNotExact: { status: 400, means: 'A number would have to be rounded. Send integers of minor units.' },
  overloaded: { status: 503, means: 'Too many commands are under way. Nothing was done; try again after Retry-After.' },
  preconditionFailed: { status: 412, means: 'The resource is not at the revision that If-Match names; see ETag.' },
  preconditionRequired: { status: 428, means: 'This installation wants If-Match on commands to existing resources.' },
  rateLimited: { status: 429, means: 'Too many requests; try again after Retry-After.' },
  readModelBehind: { status: 503, means: 'The read models have not caught up with the log yet. Try again.' },
  readModelUnavailable: { status: 503, means: 'The read models cannot be asked at the moment. Try again.' },
  rebuildRefused: {
    status: 409,
    means: 'It does not fit the copies of the projection that there are; `detail` says why. Nothing was changed.',
  },
  requestAborted: { status: 400, means: 'The connection ended before the request did.' },
  settlementNotFound: { status: 404, means: 'There is no such settlement, or it is not yours.' },
  starting: { status: 503, means: 'Daybook is starting; try again in a moment.' },
  unauthenticated: { status: 401, means: 'No key, or one that is unknown, revoked or expired.' },
  unsupportedMediaType: { status: 415, means: 'Send application/json, or application/x-ndjson to /v1/commands.' },
}

const rules: Readonly<Record<string, ProblemKind>> = Object.fromEntries(
  rejections.map((rejection) => {
    const { status, detail } = refusal(rejection)
    return [rejection, { status, means: `${detail}.` }]
  }),
)

/** Every code there is. */
export const problems: Readonly<Record<string, ProblemKind>> = Object.fromEntries(
  Object.entries({ ...edge, ...rules }).sort(([one], [other]) => (one < other ? -1 : 1)),
)
