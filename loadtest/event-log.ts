import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NewEvent, paymentStream } from '../domain/event.ts'
import { start } from '../domain/position.ts'
import { type EventLog, openEventLog } from '../infra/lmdb/event-log.ts'

// Measures the event log alone: `node dist/loadtest/event-log.js [seconds per row] [folder]`.

const secondsPerRow = Number(process.argv[2] ?? 3)
const parent = process.argv[3] ?? tmpdir()

/** What a payment begins with, every optional field set, and what its gateway answers. */
const requested = (paymentId: string): NewEvent => ({
  id: '6f0d2b0e-5c1c-5b3f-9a5e-7d1c2b3a4f50',
  type: 'PaymentAuthorizationRequested',
  version: 1,
  recordedAt: '2025-01-01T00:00:00.000Z',
  data: {
    paymentId,
    merchantId: '1042',
    currency: 'INR',
    gateway: 'sandbox',
    amount: 12500n,
    method: { type: 'upi', vpa: 'asha@okbank' },
    capture: 'automatic',
    captureId: 'cap_0123456789abcdef0123456789abcdef',
    expiresAt: '2025-01-08T00:00:00.000Z',
    customerId: 'cus_1',
    reference: 'order 1',
    metadata: { cart: '7' },
  },
  metadata: {
    merchantId: '1042',
    key: 'order-1',
    fingerprint: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
    traceId: '0123456789abcdef0123456789abcdef',
  },
})
const authorized = (paymentId: string): NewEvent => ({
  id: '7f0d2b0e-5c1c-5b3f-9a5e-7d1c2b3a4f50',
  type: 'PaymentAuthorized',
  version: 1,
  recordedAt: '2025-01-01T00:00:00.000Z',
  data: {
    paymentId,
    merchantId: '1042',
    currency: 'INR',
    gateway: 'sandbox',
    amount: 12500n,
    gatewayReference: 'sandbox-0123456789abcdef',
  },
  metadata: { merchantId: '1042', cause: 'gateway' },
})

type Row = { readonly inFlight: number; readonly events: 1 | 2; readonly perSecond: number; readonly cpuMicros: number }

const appendRow = async (log: EventLog, inFlight: number, events: 1 | 2): Promise<Row> => {
  const endsAt = performance.now() + secondsPerRow * 1_000
  let appends = 0
  const client = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const paymentId = `pay_${randomUUID()}`
      const first = requested(paymentId)
      const result = await log.append(
        paymentStream(paymentId),
        'none',
        events === 1 ? [first] : [first, authorized(paymentId)],
      )
      if (result.type !== 'appended') throw new Error('a new stream was not new')
      appends += 1
    }
  }
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  await Promise.all(Array.from({ length: inFlight }, client))
  const { user, system } = process.cpuUsage(cpuBefore)
  const seconds = (performance.now() - startedAt) / 1_000
  return { inFlight, events, perSecond: appends / seconds, cpuMicros: (user + system) / appends }
}

const readRow = async (log: EventLog): Promise<{ events: number; perSecond: number; cpuMicros: number }> => {
  let events = 0
  let position = start
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  for (;;) {
    const batch = await log.readAll(position, 2_000)
    if (batch.events.length === 0) break
    events += batch.events.length
    position = batch.position
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  const seconds = (performance.now() - startedAt) / 1_000
  return { events, perSecond: events / seconds, cpuMicros: (user + system) / events }
}

const path = mkdtempSync(join(parent, 'event-log-'))
const log = openEventLog({ path })
try {
  await appendRow(log, 256, 1)
  console.log('in flight  events/append  appends/s  CPU µs/append')
  for (const inFlight of [1, 64, 256, 1_024]) {
    for (const events of [1, 2] as const) {
      const row = await appendRow(log, inFlight, events)
      console.log(
        [
          String(row.inFlight).padStart(9),
          String(row.events).padStart(15),
          row.perSecond.toFixed(0).padStart(11),
          row.cpuMicros.toFixed(1).padStart(15),
        ].join(''),
      )
    }
  }
  const read = await readRow(log)
  console.log(`readAll: ${read.perSecond.toFixed(0)} events/s, ${read.cpuMicros.toFixed(1)} µs of CPU each`)
  console.log(`on disk: ${(statSync(join(path, 'data.mdb')).size / read.events).toFixed(0)} bytes an event`)
} finally {
  await log.close()
  rmSync(path, { recursive: true })
}
