import { expect, test } from 'vitest'
import { toText } from '../../infra/codec/event-codec.ts'
import { someEvent, someStream } from '../../infra/contracts/some-events.ts'
import { withPrevious } from '../../infra/eventstoredb/previous.ts'
import { sha256 } from '../../proof/digest.ts'
import { chained, type Line } from '../../proof/line.ts'
import { ownText } from './own-text.ts'

const stream = someStream()
const previous = sha256(Buffer.from('the one before'))
const text = toText(someEvent('"metadata":{"previous":"'))

const line = (event: string, revision = 1, hash = chained({ stream, revision, event }, previous)): Line => ({
  sequence: 7,
  stream,
  revision,
  event,
  hash,
})

test('is the event without the hash of its predecessor, and as it is where it carries none', () => {
  expect(ownText(line(withPrevious(text, previous)))).toBe(text)
  expect(ownText(line(text))).toBe(text)
})

test.each([
  ['of another event', line(withPrevious(text, sha256(Buffer.from('another'))))],
  ['in a line whose hash does not follow from it', line(withPrevious(text, previous), 1, previous)],
  ['in the first event of a stream', line(withPrevious(text, previous), 0)],
  ['twice', line(withPrevious(withPrevious(text, previous), previous), 1)],
  ['elsewhere', line(text.replace('"merchantId":"1042"', `"merchantId":"1042","previous":"${'0'.repeat(64)}"`))],
])('a hash %s stays, to be judged', (_, given) => {
  expect(ownText(given)).toContain('"previous":"')
})
