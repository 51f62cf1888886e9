import type { Message, RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { type ByPartition, sendUntilConfirmed } from './confirm.ts'
import { portionsOf } from './portions.ts'
import { KafkaUnavailable } from './unavailable.ts'

const message = (partition: number, value: string): Message => ({ partition, value })
const three: ByPartition = new Map([0, 1, 2].map((p) => [p, [message(p, `${p} a`), message(p, `${p} b`)]]))
const kept = (partition: number): RecordMetadata => ({ topicName: 't', partition, errorCode: 0 })
const soon = (): number => performance.now() + 30_000

/** A producer that says of each send what it is told to say, and what it was asked to send. */
const producer = (...answers: readonly (readonly (RecordMetadata | null)[] | Error)[]) => {
  const sent: string[][] = []
  const send = async (messages: readonly Message[]): Promise<readonly (RecordMetadata | null)[]> => {
    const answer = answers[sent.length] ?? []
    sent.push(messages.map(({ value }) => String(value)))
    if (answer instanceof Error) throw answer
    return answer
  }
  return { sent, send }
}
const ignore = (): void => undefined

test('what the answer leaves out was perhaps never sent, and is sent again', async () => {
  const { sent, send } = producer([kept(0), null, kept(2)], [kept(1)])
  await sendUntilConfirmed(send, three, soon(), ignore)
  expect(sent).toEqual([
    ['0 a', '0 b', '1 a', '1 b', '2 a', '2 b'],
    ['1 a', '1 b'],
  ])
})

test('what a broker has refused is sent again, also when another answer took it for kept', async () => {
  const { sent, send } = producer([kept(0), kept(1), { ...kept(1), errorCode: 6 }, kept(2)], [kept(1)])
  await sendUntilConfirmed(send, three, soon(), ignore)
  expect(sent[1]).toEqual(['1 a', '1 b'])
})

test('after a failure nothing is known, and all is sent again', async () => {
  const { sent, send } = producer(new Error('no leader'), [kept(0), kept(1), kept(2)])
  const again: unknown[] = []
  await sendUntilConfirmed(send, three, soon(), (partitions, cause) => again.push([partitions, String(cause)]))
  expect(sent[1]).toEqual(sent[0])
  expect(again).toEqual([[[0, 1, 2], 'Error: no leader']])
})

test('it gives up in time, and says why', async () => {
  const { send } = producer(...Array.from({ length: 50 }, () => new Error('no leader')))
  const given = sendUntilConfirmed(send, three, performance.now() + 400, ignore)
  await expect(given).rejects.toThrow(KafkaUnavailable)
  await expect(given).rejects.toHaveProperty('cause.message', 'no leader')
})

test('portions keep the order of each partition and are small enough', () => {
  const messages = Array.from({ length: 90 }, (_, n) => message(n % 3, `${n}`.padEnd(n === 30 ? 5_000 : 100, '.')))
  const portions = portionsOf(messages, 4_000)
  for (const partition of [0, 1, 2]) {
    const all = portions.flatMap((portion) => portion.get(partition) ?? [])
    expect(all).toEqual(messages.filter((each) => each.partition === partition))
  }
  for (const each of portions.flatMap((portion) => [...portion.values()]))
    expect(each.length === 1 || each.reduce((sum, { value }) => sum + String(value).length, 0) <= 4_000).toBe(true)
  expect(portions.length).toBeGreaterThan(5)
})
