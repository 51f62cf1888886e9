import { sequenceIn, start } from '../../domain/position.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'

// Reads a log from its begin, as a projector does, and does nothing with it: `node read-log.js FOLDER MOST_EVENTS`.

const [folder = '', most = '0'] = process.argv.slice(2)
const log = openEventLog({ path: folder, readOnly: true })
const before = process.cpuUsage()
const beginMs = performance.now()
const end = sequenceIn(await log.head(), 0)
let events = 0
const ending = new AbortController()
for await (const batch of log.subscribe(start, ending.signal)) {
  events += batch.events.length
  if (events >= Math.min(end, Number(most))) break
}
const seconds = (performance.now() - beginMs) / 1_000
const { user, system } = process.cpuUsage(before)
ending.abort()
await log.close()
process.stdout.write(`${JSON.stringify({ events, seconds, cpuSeconds: (user + system) / 1e6 })}\n`)
