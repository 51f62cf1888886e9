import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentStream } from '../domain/event.ts'
import type { QuerySideDeps } from './main.ts'
import type { StatusCache } from './status-cache.ts'
import { idOf, refunded, type Sale, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Stage } from './testing/stage.ts'

let stage: Stage
let asked = 0
let deps: QuerySideDeps

const sale: Sale = { name: 'sale', merchantId: '1042', amount: 500n }
const id = idOf('pay', 'sale')
const path = `/v1/payments/${id}`

beforeAll(async () => {
  stage = await openStage()
  const { shards } = stage.deps
  deps = {
    ...stage.deps,
    shards: {
      ...shards,
      ask: (question) => {
        asked++
        return shards.ask(question)
      },
    },
  }
  await stage.record(paymentStream(id), '2025-06-01T10:00:00.000Z', ...sold(sale))
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

test('the second time it comes from the cache', async () => {
  const ask = asker(appOf(deps))
  const one = await ask('merchant 1042', path)
  const before = asked
  const other = await ask('finance', path)
  expect(other.text).toBe(one.text)
  expect(other.headers.get('Daybook-Position')).toBe(one.headers.get('Daybook-Position'))
  expect(asked).toBe(before)
})

test('what is newer in the cache is not replaced by what the database still has', async () => {
  const ask = asker(appOf(deps))
  const position = await stage.log.head()
  const document = JSON.stringify({ id, revision: 9 })
  await deps.cache.put({ id, version: 9, merchantId: '1042', position: '0', document })
  expect((await ask('merchant 1042', path)).text).toBe(document)
  // Its position is not enough here, so the database is asked, which has revision 2.
  expect((await ask('merchant 1042', `${path}?minPosition=${position}`)).body['revision']).toBe(2)
  expect((await ask('merchant 1042', path)).headers.get('ETag')).toBe('"9"')
})

test('a cache that forgets everything changes nothing', async () => {
  const forgetful: StatusCache = { get: () => undefined, put: () => undefined }
  const ask = asker(appOf({ ...deps, cache: forgetful }))
  expect((await ask('finance', path)).body['refunded']).toBe(0)
  await stage.record(paymentStream(id), '2025-06-01T10:00:01.000Z', ...refunded(sale, 500n))
  await stage.caughtUp()
  expect((await ask('finance', path)).body['refunded']).toBe(500)
})

test('a cache may be far away', async () => {
  const far: StatusCache = {
    get: async (wanted) => ({ id: wanted, version: 1, merchantId: '1042', position: '1', document: '{"far":true}' }),
    put: async () => undefined,
  }
  expect((await asker(appOf({ ...deps, cache: far }))('finance', path)).body).toEqual({ far: true })
})
