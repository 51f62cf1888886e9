import { expect, test } from 'vitest'
import { freePort } from '../postgres/free-port.ts'
import { innerOf } from './client.ts'
import { connect } from './connection.ts'

test('a call that fails while no node is found does not end the process', async () => {
  const hosts = `127.0.0.1:${await freePort(0)},127.0.0.1:${await freePort(0)}`
  const connection = connect(`esdb://${hosts}?tls=false&maxDiscoverAttempts=1`)
  await connection.call(async (client) => {
    const inner = innerOf(client)
    const looking = inner.getChannel()
    const lost = Object.assign(new Error('gone'), { code: 14, details: 'gone' })
    // So the client does when a stream breaks, and nobody waits for it.
    const mending = inner.handleError({ getChannel: () => undefined } as never, lost)
    await expect(looking).rejects.toThrow('discover')
    await expect(mending).resolves.toBeUndefined()
  }, 20_000)
  await connection.close()
})
