import { mostLookedAt } from '../../query-side/transactions-as-of.ts'

/** What a client has to know before it reads about single operations. Markdown. */
export const about = `Daybook is a ledger for payments. Commands are recorded as events, and everything that can be read is made from them.

## Money
Amounts are integers of the currency's minor unit (paise, cents, yen). A command may name 1 to 10^12 of them. Numbers that would have to be rounded are refused, never rounded.

## Keys and roles
Send \`Authorization: Bearer …\` with an API key or a signed token. A **merchant** sees and touches its own transactions only; others' look as if they were not there (404, or an empty list). **Finance** reads all and settles. An **auditor** reads all, with events, and changes nothing. An **operator** may do everything.

## Idempotency
Commands carry an \`Idempotency-Key\` of 1 to 255 printable ASCII characters, so that a request whose answer was lost can be sent again: same key and same body give the same answer, byte for byte, with \`Idempotency-Replayed: true\`, whatever has happened since. A payment that was answered as \`pending\` is replayed as \`pending\`; GET it for news.

- A key belongs to the merchant and the resource. On \`POST /v1/payments\` and \`POST /v1/payouts\` it makes the new resource's id; below a payment it counts within that payment, so that the same key may serve two payments' captures.
- The order of members and white space make no difference. The same key with another body, or for another command, is 422 \`idempotencyKeyReused\`.
- Declines are facts and are replayed. **Refusals (4xx) are not remembered**: the same command may be sent again under the same key and is judged anew.
- While the first command with a key is under way, others with it get 409 \`idempotencyKeyInFlight\`.

## Personal data
Names, UPI addresses and the accounts of payouts are stored sealed, and a customer can be forgotten (\`POST /v1/merchants/{merchantId}/customers/{customerId}/forget\`, for operators). From then on these members are \`null\` in every answer, of now and of the past, replays included, and \`"forgotten": true\` stands beside them; everything else stays. A command that is repeated under its key after that is replayed whatever names and addresses it has: nobody can tell any more whether they are the same. Ids, references, reasons and metadata are stored as they are given, so keep personal data out of them.

## Positions
Every answer carries \`Daybook-Position\`: what a command has reached, or up to where a read has seen. Positions are opaque. Reads lag behind commands by moments; to read your own writes, send the position back as \`?minPosition=\`: the read waits until it can see at least that, or answers 503 \`notYetProjected\`.

## The past
Every read of payments, payouts, settlements and the books takes \`?asOf=\`: a position, or an ISO 8601 instant or date (00:00 UTC). The answer is what a read would have given then, with all filters judged as things were. It speaks of exactly that position, in \`Daybook-Position\`, and a list in \`asOf\` as well; of an instant it tells both the position and, in \`Daybook-As-Of\` and in \`asOf\`, the instant.

- An instant is answered by the time at which events were recorded: its position has everything before the first event that was recorded later. A moment after it has passed it is the same position for ever.
- All pages of a list speak of the position of the first: its cursors carry it. Pages are full until the last, but for payments and payouts: where ${mostLookedAt.toLocaleString('en-US')} of them were looked at for a page and too few were there or had the \`status\`, the page is short or empty and \`nextCursor\` goes on. A list ends where \`nextCursor\` is null.
- A position that nothing has come to yet and an instant in the future are 400, and so are \`asOf\` and \`minPosition\` together. What the read models have not reached yet is waited for, as with \`minPosition\`.

## Revisions
A payment's or payout's \`ETag\` is its revision. Send it as \`If-Match\` with a command to act only on what you saw (412 otherwise), or as \`If-None-Match\` with a read to learn that nothing has changed (304). An \`Idempotency-Key\` that was answered before is replayed before \`If-Match\` is looked at.

## Lists
Lists are paged: \`limit\` is 1 to 1,000, 100 when absent; \`nextCursor\` is null on the last page. A cursor is good for the filters it was given for. Entries keep their place while new ones arrive. \`from\` is inclusive, \`to\` is not.

## Problems
Whatever is refused or goes wrong is \`application/problem+json\` (RFC 9457) with a stable \`code\`. [All codes](/docs/problems).`
