import { start } from '../../../domain/position.ts'
import { openEventLog } from '../event-log.ts'

// Tails a log from its start until it is told to end, and prints the sequence and the id of every event it sees.
// Argument: the folder of the log.

const [path = ''] = process.argv.slice(2)
const log = openEventLog({ path, readOnly: true })
const ended = new AbortController()
process.on('SIGTERM', () => ended.abort())

for await (const { events } of log.subscribe(start, ended.signal)) {
  process.stdout.write(events.map(({ sequence, id }) => `${sequence} ${id}\n`).join(''))
}
await log.close()
