import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewEvent } from '../domain/event.ts'
import { isSealed } from '../domain/personal.ts'
import { invalidity } from '../domain/stored-event.ts'
import { toJson } from '../infra/codec/event-codec.ts'
import { randomLog } from '../projections/testing/random-log.ts'
import { openedDocuments, openedEvents, slotsIn } from './opening.ts'
import { open, seal, slotOf } from './sealed-text.ts'
import { sealedEvents } from './sealing.ts'
import { memoryKeys } from './testing/memory-keys.ts'
import { membersOf, resourceMembers } from '../domain/personal-members.ts'
import { folded } from '../query-side/transaction-as-of.ts'

const key = { slot: 4_097, key: Uint8Array.from({ length: 32 }, (_, n) => n) }
const place = 'payment-pay_1/method/vpa'

describe('a sealed text', () => {
  test('opens as what it was, whatever it was, and looks sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const sealed = seal(key, place, text)
        expect(isSealed(sealed)).toBe(true)
        expect(slotOf(sealed)).toBe(key.slot)
        expect(open(key.key, place, sealed)).toBe(text)
      }),
    )
    expect(open(key.key, place, seal(key, place, 'half \ud800'))).toBe('half \ud800')
  })

  test('is another each time', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => seal(key, place, 'asha@okbank'))).size).toBe(1_000)
  })

  test('opens in no other place, with no other key, and not when a bit of it is another', () => {
    const sealed = seal(key, place, 'asha@okbank')
    expect(() => open(key.key, 'payment-pay_2/method/vpa', sealed)).toThrow('does not open with its key')
    expect(() => open(new Uint8Array(32), place, sealed)).toThrow('does not open with its key')
    const bytes = Buffer.from(sealed.slice(sealed.lastIndexOf(':') + 1), 'base64url')
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => open(key.key, place, `sealed:4097:${changed.toString('base64url')}`)).toThrow('does not open')
    }
    expect(() => open(key.key, place, 'sealed:4097:')).toThrow('does not open')
  })
})

/** Events as they are appended, of everything that can happen. */
const log = randomLog(11, 1_500, ['1042', '7'])
const isPersonal = ({ type }: NewEvent): boolean => membersOf(type).length > 0
const personalOf = (events: readonly NewEvent[]) => events.filter(isPersonal)
const everySlot = (events: readonly NewEvent[]) => events.flatMap(({ type, data }) => slotsIn(data, membersOf(type)))

describe('events', () => {
  test('are valid sealed, open as what they were, and others are not touched', async () => {
    const keys = memoryKeys()
    const sealed = await sealedEvents(log, keys)
    expect(everySlot(sealed).length).toBeGreaterThan(100)
    for (const [index, event] of sealed.entries()) {
      expect([event.type, invalidity(toJson(event))]).toEqual([event.type, undefined])
      if (!isPersonal(event)) expect(event).toBe(log[index])
    }
    for (const text of ['asha@okbank', 'Neil']) expect(JSON.stringify(sealed.map(toJson))).not.toContain(text)
    expect(await openedEvents(sealed, keys)).toEqual(log)
    expect(await sealedEvents(sealed, keys)).toBe(sealed)
    const rest = log.filter((event) => !isPersonal(event))
    expect(await openedEvents(rest, keys)).toBe(rest)
  })

  test('have a key each, and stay sealed where it was destroyed', async () => {
    const keys = memoryKeys()
    const sealed = await sealedEvents(personalOf(log).slice(0, 20), keys)
    const [first, ...others] = sealed.filter((event) => everySlot([event]).length > 0)
    if (first === undefined) throw new Error('nothing was sealed')
    for (const event of others) expect(everySlot([event])).not.toContain(everySlot([first])[0])
    await keys.destroy(everySlot([first]))
    const opened = await openedEvents([first, ...others], keys)
    expect(opened[0]).toBe(first)
    expect(everySlot(opened.slice(1))).toEqual([])
  })

  test('of a store that lacks a key are not shown as forgotten', async () => {
    const sealed = await sealedEvents(personalOf(log).slice(0, 5), memoryKeys())
    await expect(openedEvents(sealed, memoryKeys())).rejects.toThrow('keyStoreUnavailable')
  })
})

describe('documents', () => {
  const payments = [...new Set(log.map(({ stream }) => stream))].filter((stream) => stream.startsWith('payment-'))
  const documentOf = async (stream: string, given: readonly NewEvent[]): Promise<string> =>
    folded(
      'payment',
      log.flatMap((event, n) => (event.stream === stream ? [{ ...event, ...given[n] }] : [])),
    )?.document ?? ''

  test('open as those of the events before they were sealed, all with one question', async () => {
    const keys = memoryKeys()
    const sealed = await sealedEvents(log, keys)
    const [before, after] = await Promise.all(
      [log, sealed].map((events) => Promise.all(payments.map((stream) => documentOf(stream, events)))),
    )
    let asked = 0
    const counting = { keysOf: (slots: readonly number[]) => ((asked += 1), keys.keysOf(slots)) }
    expect(await openedDocuments('payment', after ?? [], counting)).toEqual(before)
    expect(asked).toBe(1)
    expect(await openedDocuments('payment', before ?? [], counting)).toBe(before)
    expect(asked).toBe(1)
  })

  test('show null for what was forgotten, and leave alone what only looks sealed', async () => {
    const keys = memoryKeys()
    const sealed = await sealedEvents(log, keys)
    await keys.destroy(everySlot(sealed))
    const stream = payments.find((name) =>
      log.some((e) => e.stream === name && JSON.stringify(toJson(e)).includes('vpa')),
    )
    const [text = ''] = await openedDocuments('payment', [await documentOf(stream ?? '', sealed)], keys)
    expect(JSON.parse(text)).toMatchObject({ method: { type: 'upi', vpa: null }, forgotten: true })

    const label = `sealed:1:${'A'.repeat(48)}`
    const plain = { id: 'pay_1', method: { type: 'upi', vpa: 'a@b' }, metadata: { vpa: label } }
    expect(await openedDocuments('payment', [JSON.stringify(plain)], keys)).toEqual([JSON.stringify(plain)])
    expect(resourceMembers.payment.length).toBe(2)
  })
})
