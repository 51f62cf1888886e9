import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { someEvents } from '../../contracts/some-events.ts'
import { type EventLog, openEventLog } from '../event-log.ts'
import { openStore } from '../store.ts'
import { type Child, startChild } from './child.ts'
import { type Acknowledged, acknowledgedBy, appendsIn, everyEvent, faultsOf, streamFaultsOf } from './whole-log.ts'

const rounds = Number(process.env['KILL_ROUNDS'] ?? 10)

let path = ''
const children: Child[] = []
const started = (child: Child): Child => {
  children.push(child)
  return child
}
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'daybook-kill-'))
})
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.end('SIGKILL')))
  await rm(path, { recursive: true })
})

const expectNoFaults = async (log: EventLog, acknowledged: readonly Acknowledged[]): Promise<void> => {
  const events = await everyEvent(log)
  const store = openStore({ path })
  expect(faultsOf(events, acknowledged)).toEqual([])
  expect(await streamFaultsOf(log, store, events)).toEqual([])
  await store.environment.root.close()
}

test(`nothing acknowledged is lost by ${rounds} rounds of kills`, { timeout: 60_000 + rounds * 5_000 }, async () => {
  await openEventLog({ path }).close()
  const reader = started(startChild('reader', [path]))
  const acknowledged: Acknowledged[] = []
  for (let round = 0; round < rounds; round++) {
    const writers = ['64', '8'].map((inFlight) => started(startChild('writer', [path, inFlight])))
    await Promise.all(writers.map((writer) => writer.printed(1)))
    if (randomInt(2) === 0) writers.reverse()
    for (const writer of writers) {
      await sleep(randomInt(250))
      await writer.end('SIGKILL')
    }
    acknowledged.push(...writers.flatMap(acknowledgedBy))
  }

  const log = openEventLog({ path })
  expect(acknowledged.length).toBeGreaterThan(rounds)
  await expectNoFaults(log, acknowledged)

  const events = await everyEvent(log)
  await reader.printed(events.length)
  await reader.end('SIGTERM')
  expect(reader.lines).toEqual(events.map(({ sequence, id }) => `${sequence} ${id}`))

  const next = String(events.length + 1)
  expect(await log.append('merchant-1', 'none', someEvents(1))).toMatchObject({ type: 'appended', position: next })
  await log.close()
})

// A limit on the size of files stands for a disk that is full; prlimit lifts it from outside.
const canLimit = spawnSync('prlimit', ['--version']).status === 0

test.skipIf(!canLimit)('a full disk refuses appends clearly, whole, and until it has room again', async () => {
  const limited = ['sh', '-c', 'ulimit -S -f 8192 && exec "$@"', 'sh']
  const writer = started(startChild('writer', [path, '32'], limited))
  const failures = (): string[] => writer.lines.filter((line) => line.startsWith('["failed"'))
  while (failures().length < 100) await writer.printed(writer.lines.length + 1)
  for (const line of failures()) expect(line).toMatch(/nothing could be appended: .+/)

  const log = openEventLog({ path, readOnly: true })
  const full = acknowledgedBy(writer)
  expect(full.length).toBeGreaterThan(0)
  // Nothing but what is acknowledged, although many more are tried. A small append still finds room now and then, and
  // what it wrote is read a moment before its acknowledgement.
  const unacknowledged = async (): Promise<string[]> => {
    const names = [...appendsIn(await everyEvent(log)).keys()]
    const known = new Set(acknowledgedBy(writer).map(({ name }) => name))
    return names.filter((name) => !known.has(name))
  }
  await expect.poll(unacknowledged, { timeout: 20_000 }).toEqual([])
  await log.close()

  expect(spawnSync('prlimit', ['--pid', String(writer.pid), '--fsize=unlimited']).status).toBe(0)
  while (acknowledgedBy(writer).length < full.length + 100) await writer.printed(writer.lines.length + 1)
  await writer.end('SIGKILL')
  const reopened = openEventLog({ path })
  await expectNoFaults(reopened, acknowledgedBy(writer))
  await reopened.close()
})
