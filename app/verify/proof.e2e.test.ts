import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { changeLog } from '../../loadtest/corruptions/change-log.ts'
import { recordOf } from '../../proof/record.ts'
import { type Embedded, startEmbedded } from '../testing/embedded.ts'
import { run, runToEnd } from '../testing/program.ts'

let folder = ''
let daybook: Embedded
const settings = () => ({ DAYBOOK_DATA: join(folder, 'data') })
const pace = { CHECKPOINT_EVENTS: '10', CHECKPOINT_INTERVAL: '500' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-proof-'))
  daybook = await startEmbedded(settings().DAYBOOK_DATA, pace)
})
afterAll(async () => {
  await daybook.stop()
  await rm(folder, { recursive: true, force: true })
})

const pay = async (key: string): Promise<void> => {
  const response = await fetch(`${daybook.url}/v1/payments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${daybook.key}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ amount: 1_000, currency: 'INR', method: { type: 'card', token: 'tok_1' } }),
  })
  expect(response.status).toBe(201)
}

/** The size that the last checkpoint names. */
const signed = async (): Promise<number> => {
  const lines = (await readFile(join(settings().DAYBOOK_DATA, 'checkpoints.ndjson'), 'utf8')).trim().split('\n')
  return Number(recordOf(lines.at(-1) ?? '')?.note.split('\n')[1])
}

/** Runs a command whatever comes of it; gives its exit code and what it said. */
const told = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
  const program = run(args, settings())
  const code = await program.ended
  return [code, program.stdout()]
}

const notaryOf = async (): Promise<number> => {
  const pids = await daybook.processes()
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids[lines.findIndex((line) => line.includes('notary'))] ?? 0
}

test('what is paid is signed, also after the notary was killed, and verifies while it runs', async () => {
  for (let n = 0; n < 5; n++) await pay(`before-${n}`)
  await vi.waitFor(async () => expect(await signed()).toBeGreaterThanOrEqual(15), { timeout: 30_000 })
  process.kill(await notaryOf(), 'SIGKILL')
  for (let n = 0; n < 5; n++) await pay(`after-${n}`)
  await vi.waitFor(async () => expect(await signed()).toBeGreaterThanOrEqual(30), { timeout: 30_000 })
  const [code, said] = await told('verify')
  expect(said).toMatch(/ 0 findings\n$/)
  expect(code).toBe(0)
}, 90_000)

test('a bundle of it verifies without it, and so does a part', async () => {
  for (const [name, options] of [
    ['all', []],
    ['part', ['--from', '4', '--to', '20', '--merchant', '1042']],
  ] as const) {
    const bundle = join(folder, name)
    await runToEnd(['audit', 'export', '--out', bundle, ...options], settings())
    expect(await runToEnd(['audit', 'verify', bundle], {})).toMatch(/\n0 findings$/)
  }
  const [code] = await told('audit', 'export', '--out', join(folder, 'all'))
  expect(code).toBe(1)
})

test('a range and a stream verify by themselves', async () => {
  expect(await runToEnd(['verify', '--from', '25', '--to', '30'], settings())).toMatch(/\n\d+ events in .* 0 findings$/)
  expect(await runToEnd(['verify', '--stream', 'merchant-1042'], settings())).toMatch(/^2 events in .* 0 findings$/)
})

test('what cannot be meant is refused in one line', async () => {
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [['verify', '--from', 'yesterday'], '--from takes a position'],
    [['verify', '--from', '20', '--to', '10'], '--from is after --to'],
    [['verify', '--stream', 'payment-none'], 'there is no stream payment-none'],
    [['verify', '--stream', 'merchant-1042', '--from', '3'], '--stream is verified as a whole'],
    [['audit', 'export', '--from', '10', '--to', '5', '--out', join(folder, 'never')], '--from is after --to'],
    [['audit', 'export', '--merchant', 'nobody', '--out', join(folder, 'empty')], 'nothing that was signed is in it'],
  ]
  for (const [args, reason] of wrong) await expect(runToEnd([...args], settings())).rejects.toThrow(reason)
})

test('an event that somebody has changed is found, with its place, in whatever way it is asked', async () => {
  await daybook.stop()
  let stream = ''
  await changeLog(settings().DAYBOOK_DATA, (pages) => {
    const page = pages.find(({ first, entries }) => first <= 28 && first + entries.length > 28)
    const entry = page?.entries[28 - (page?.first ?? 0)] ?? Buffer.alloc(0)
    stream = /payment-pay_[0-9a-f]{32}/.exec(entry.toString('latin1'))?.[0] ?? ''
    const at = entry.indexOf('"recordedAt":"') + 34
    entry[at] = (entry[at] ?? 0) ^ 1
    return new Map(page === undefined ? [] : [[page.first, page.entries]])
  })
  for (const args of [[], ['--from', '25'], ['--stream', stream]]) {
    const [code, said] = await told('verify', ...args)
    expect(said).toContain(`FOUND log 0, event 28 (${stream}, revision `)
    expect(code).toBe(1)
  }
  const [, early] = await told('verify', '--to', '10')
  expect(early).not.toContain('FOUND log 0, events 1 to')
})
