import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { listen } from './listen.ts'

const free = { host: '127.0.0.1', port: 0, variable: 'PORT' }
const text = (body: string) => () => new Response(body)

test('who answers can change while the port stays open', async () => {
  const listener = await listen(free, text('starting'))
  const url = `http://127.0.0.1:${listener.port}/`
  expect(await (await fetch(url)).text()).toBe('starting')
  listener.serve(text('ready'))
  expect(await (await fetch(url)).text()).toBe('ready')
  await listener.stop(1_000)
  await expect(fetch(url)).rejects.toThrow()
})

test('a port that is taken is named with the setting that chose it', async () => {
  const listener = await listen(free, text(''))
  await expect(listen({ ...free, port: listener.port, variable: 'METRICS_PORT' }, text(''))).rejects.toThrow(
    `port ${listener.port} is taken: end what listens there or set METRICS_PORT to another port`,
  )
  await listener.stop(1_000)
})

test('an address of another machine is named', async () => {
  await expect(listen({ ...free, host: '192.0.2.1' }, text(''))).rejects.toThrow(/192.0.2.1 is no address of this/)
})

test('stopping waits for what is under way and refuses what is new', async () => {
  let answer: (response: Response) => void = () => undefined
  const listener = await listen(free, () => new Promise((resolve) => (answer = resolve)))
  const url = `http://127.0.0.1:${listener.port}/`
  const underWay = fetch(url)
  await expect.poll(() => answer.length).toBe(1)
  const stopped = listener.stop(60_000)
  await expect(fetch(url, { headers: { connection: 'close' } })).rejects.toThrow()
  answer(new Response('late'))
  expect(await (await underWay).text()).toBe('late')
  await stopped
})

test('stopping cuts what takes too long, also connections that never asked', async () => {
  const listener = await listen(free, () => new Promise(() => undefined))
  const silent = connect(listener.port, '127.0.0.1')
  await once(silent, 'connect')
  const cut = expect(fetch(`http://127.0.0.1:${listener.port}/`)).rejects.toThrow()
  await listener.stop(50)
  await cut
  silent.destroy()
})
