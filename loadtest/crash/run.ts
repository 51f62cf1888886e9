import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createKey, startSystem } from '../system.ts'
import { askAgain } from './ask-again.ts'
import { emptyJournal, load, type Sent } from './load.ts'
import { type Findings, verify } from './verify.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    connections: { type: 'string', default: '64' },
    'longest-ms': { type: 'string', default: '3000' },
  },
})
const rounds = Number(values.rounds)
const connections = Number(values.connections)
const longestMs = Number(values['longest-ms'])

const settings = {
  GATEWAY_TIMEOUT: '300',
  RESOLVE_INTERVAL: '200',
  SETTLEMENT_INTERVAL: '700',
  RATE_LIMIT_MAX_REQUESTS: '0',
}
const merchants = ['1042', '7', 'corner-shop']
const say = (text: string) => process.stdout.write(`${text}\n`)

const folder = await mkdtemp(join(tmpdir(), 'daybook-crash-'))
const journal = emptyJournal()
const owner = new Map<Sent, string>()
let findings: Findings | undefined
try {
  const data = join(folder, 'data')
  const keys = await Promise.all(merchants.map((merchant) => createKey(data, 'merchant', merchant)))
  const operator = await createKey(data, 'operator')
  for (let round = 1; round <= rounds; round++) {
    const system = await startSystem(data, settings)
    const first = journal.sent.length
    const stop = new AbortController()
    const clients = load(system.url, keys, connections, journal, owner, stop.signal)
    await sleep(randomInt(50, longestMs))
    await system.killAll()
    stop.abort()
    await clients
    const sent = journal.sent.slice(first)
    const answered = sent.filter((each) => each.answer !== undefined).length
    say(`round ${round}/${rounds}: ${sent.length} commands sent, ${answered} answered before the kill`)
  }
  const system = await startSystem(data, settings)
  try {
    const lost = journal.sent.filter((each) => each.answer === undefined)
    say(`asking again: ${lost.length} unanswered, ${journal.sent.length - lost.length} answered`)
    await askAgain(system.url, owner, journal, journal.sent)
    findings = await verify(system.url, operator, merchants, journal, say)
  } finally {
    await system.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
const faults = [...(findings?.faults ?? ['not verified']), ...journal.different]
for (const fault of faults.slice(0, 50)) say(`FAULT ${fault}`)
say(
  `${rounds} rounds, ${journal.sent.length} commands, ${findings?.payments ?? 0} payments, ${findings?.payouts ?? 0} payouts, ` +
    `${findings?.events ?? 0} events, ${faults.length} faults`,
)
process.exitCode = faults.length === 0 ? 0 : 1
