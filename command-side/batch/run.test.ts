import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Line } from './lines.ts'
import { type Batch, type BatchLimits, runBatch } from './run.ts'

const limits: BatchLimits = { maxCommands: 1_000, window: 10, maxUnreadBytes: 500 }
const never = new AbortController().signal

async function* lines(count: number): AsyncGenerator<Line[]> {
  for (let index = 0; index < count; index += 20) yield Array<Line>(20).fill({ type: 'text', text: String(index) })
}
const batch = (more: Partial<Batch> = {}): Batch & { readonly begun: number[] } => {
  const begun: number[] = []
  return {
    begun,
    lines: lines(400),
    begin: (_, index) => {
      begun.push(index)
      return Promise.resolve(`${index}\n`.padStart(50, '.'))
    },
    tooMany: (index) => Promise.resolve(`no ${index}\n`),
    room: () => undefined,
    gone: never,
    ...more,
  }
}
const turns = async (count = 50): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}
const read = async (stream: ReadableStream<Uint8Array>): Promise<string[]> =>
  (await new Response(stream).text()).split('\n').slice(0, -1)

test('a client that does not read is not worked for beyond what may wait', async () => {
  const work = batch()
  const stream = runBatch(work, limits)
  await turns()
  const before = work.begun.length
  expect(before).toBeGreaterThanOrEqual(10)
  expect(before).toBeLessThanOrEqual(30)
  const answers = await read(stream)
  expect(answers.map((answer) => Number(answer.replaceAll('.', '')))).toEqual([...Array(400).keys()])
})

test('lines wait for room', async () => {
  let open = (): void => undefined
  let full = true
  const work = batch({
    room: () =>
      full
        ? new Promise((resolve) => {
            open = resolve
          })
        : undefined,
  })
  const reading = read(runBatch(work, limits))
  await turns()
  expect(work.begun).toEqual([])
  full = false
  open()
  expect(await reading).toHaveLength(400)
})

test('beyond the last command there is one more line, and the rest is read', async () => {
  let rest = 0
  async function* many(): AsyncGenerator<Line[]> {
    for await (const some of lines(400)) {
      rest += some.length
      yield some
    }
  }
  const answers = await read(runBatch(batch({ lines: many() }), { ...limits, maxCommands: 33 }))
  expect(answers).toHaveLength(34)
  expect(answers.at(-1)).toBe('no 33')
  expect(rest).toBe(400)
})

test('nothing is begun once the client is gone', async () => {
  const gone = new AbortController()
  const work = batch({ gone: gone.signal })
  runBatch(work, limits)
  await turns()
  const before = work.begun.length
  gone.abort()
  await turns()
  expect(work.begun).toHaveLength(before)
})

test('nor when nobody wants the answer any more', async () => {
  const work = batch()
  const stream = runBatch(work, limits)
  await turns()
  const before = work.begun.length
  await stream.cancel()
  await turns()
  expect(work.begun).toHaveLength(before)
})

test('a body that breaks off breaks the answer off', async () => {
  async function* broken(): AsyncGenerator<Line[]> {
    yield* lines(20)
    throw new Error('reset')
  }
  await expect(read(runBatch(batch({ lines: broken() }), limits))).rejects.toThrow('reset')
  await turns()
})
