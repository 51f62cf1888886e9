import { expect, test } from 'vitest'
import { answerAll } from './answer-all.ts'
import type { Answer, PostBatch, Posted } from './post-batch.ts'

const patience = { patienceMs: 60_000, longestWaitMs: 1 }
const never = new AbortController().signal
const line = (n: number) => `{"n":${n}}`
const ok = (index: number): Answer => ({ index, status: 201, body: { status: 'captured' } })
const busy = (index: number, status: number): Answer => ({
  index,
  status,
  problem: { code: 'overloaded', detail: 'not now' },
})
const refused = (index: number): Answer => ({ index, status: 422, problem: { code: 'x', detail: 'no' } })
const posted = (answers: readonly Answer[], more: Partial<Posted> = {}): Posted => ({
  answers: new Map(answers.map((answer) => [answer.index, answer])),
  ...more,
})

/** Answers each request by the next of the given functions, and keeps what was sent. */
const server = (...replies: readonly ((lines: readonly string[]) => Posted)[]) => {
  const sent: (readonly string[])[] = []
  const post: PostBatch = (lines) => {
    const reply = replies[Math.min(sent.length, replies.length - 1)]
    sent.push(lines)
    return Promise.resolve(reply?.(lines) ?? posted([]))
  }
  return { sent, post }
}
const all = (lines: readonly string[]) => posted(lines.map((_, index) => ok(index)))
const statuses = (answers: readonly Answer[]) => answers.map(({ index, status }) => [index, status])

test('one request, when everything is answered', async () => {
  const { post, sent } = server(all)
  expect(statuses(await answerAll(post, [line(0), line(1)], patience, never))).toEqual([
    [0, 201],
    [1, 201],
  ])
  expect(sent).toHaveLength(1)
})

test('only what is not answered yet is sent again, and answers keep the place of their line', async () => {
  const { post, sent } = server(
    () => posted([ok(1), refused(3)], { failure: 'connection lost' }),
    () => posted([busy(0, 503), ok(1)]),
    all,
  )
  const answers = await answerAll(post, [0, 1, 2, 3].map(line), patience, never)
  expect(statuses(answers)).toEqual([
    [0, 201],
    [1, 201],
    [2, 201],
    [3, 422],
  ])
  expect(sent).toEqual([[0, 1, 2, 3].map(line), [0, 2].map(line), [line(0)]])
})

test.each([409, 429, 500, 503])('a line answered by %i is sent again', async (status) => {
  const { post, sent } = server(() => posted([busy(0, status)]), all)
  expect(statuses(await answerAll(post, [line(0)], patience, never))).toEqual([[0, 201]])
  expect(sent).toHaveLength(2)
})

test('a whole request that is turned away is sent again', async () => {
  const { post, sent } = server(() => posted([], { failure: '503', retryAfterMs: 1 }), all)
  await answerAll(post, [line(0)], patience, never)
  expect(sent).toEqual([[line(0)], [line(0)]])
})

test('a key that is not accepted ends the import at once', async () => {
  const { post, sent } = server(() => posted([], { failure: '401: who are you', fatal: true }))
  await expect(answerAll(post, [line(0)], patience, never)).rejects.toThrow('the server refuses the import: 401')
  expect(sent).toHaveLength(1)
})

test('without any progress patience ends, with the last reason', async () => {
  const { post } = server(() => posted([], { failure: 'connect ECONNREFUSED' }))
  const impatient = { patienceMs: 20, longestWaitMs: 1 }
  await expect(answerAll(post, [line(0)], impatient, never)).rejects.toThrow(
    /no answer for .* \(connect ECONNREFUSED\)/,
  )
})

test('an abort ends the waiting', async () => {
  const { post } = server(() => posted([], { failure: 'connect ECONNREFUSED' }))
  await expect(answerAll(post, [line(0)], patience, AbortSignal.timeout(20))).rejects.toThrow()
})
