import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../pools.ts'
import { closePool, openPool } from '../pools.ts'
import { postgresRelayLease } from '../relay-lease.ts'

// Takes the lease of log 0 as soon as it is free and renews it with a growing checkpoint until it is lost or this process
// is killed. Prints `took C`, then each checkpoint that was kept, in the end `lost`. Reads the connection, as JSON, from
// its standard input, where nobody sees its password.

let connection: Connection | undefined
for await (const line of createInterface({ input: process.stdin })) {
  connection = JSON.parse(line)
  break
}
if (connection === undefined) throw new Error('no connection was given')
const settings = { name: 'lease-holder', max: 2, connectionTimeoutMs: 5_000, idleTimeoutMs: 30_000 }
const pool = openPool(connection, { ...settings, statementTimeoutMs: 5_000 }, () => undefined)
const lease = postgresRelayLease(pool)
const print = (line: string): void => void process.stdout.write(`${line}\n`)

let checkpoint = await lease.take(0)
while (checkpoint === undefined) {
  await sleep(50)
  checkpoint = await lease.take(0)
}
print(`took ${checkpoint}`)
while (await lease.keep(0, checkpoint + 1)) {
  checkpoint += 1
  print(String(checkpoint))
  await sleep(100)
}
print('lost')
await closePool(pool)
