import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, eventually, positionOf } from './testing/client.ts'
import { type Embedded, startEmbedded } from './testing/embedded.ts'
import { killAll, processTree, running } from './testing/processes.ts'
import { type User, programPath, run, runToEnd } from './testing/program.ts'

const root = process.getuid?.() === 0
const nobody: User = { uid: 65_534, gid: 65_534 }

let folder = ''
let data = ''
let system: Embedded | undefined
const seen = new Set<number>()

const stop = async (): Promise<void> => {
  await system?.stop()
  system = undefined
}
const start = async (settings = {}, at = data, user?: User): Promise<Embedded> => {
  await stop()
  const started = await startEmbedded(at, settings, user)
  for (const pid of await started.processes()) seen.add(pid)
  system = started
  return started
}
/** The installation that another test has left, or a new one. */
const installation = async (): Promise<Embedded> => {
  const { exitCode, signalCode } = system?.run.child ?? { exitCode: 0, signalCode: null }
  return system === undefined || exitCode !== null || signalCode !== null ? start() : system
}
const gone = (pids: Iterable<number>) => expect.poll(() => running([...pids]), { timeout: 20_000 }).toEqual([])

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-e2e-'))
  data = join(folder, 'data')
})
afterAll(async () => {
  await stop()
  killAll(await running([...seen]))
  await rm(folder, { recursive: true, force: true })
})

/** What a pasted curl line would send. */
const curlOf = (greeting: string, nth: number) => {
  const line = greeting.split('\n').filter((each) => each.includes('curl '))[nth] ?? ''
  const headers = Array.from(line.matchAll(/-H '([^:]+): ([^']+)'/g), ([, name, value]) => [name ?? '', value ?? ''])
  const body = /-d '([^']+)'/.exec(line)?.[1]
  return {
    url: /curl -i (\S+)/.exec(line)?.[1] ?? '',
    init: { headers: Object.fromEntries(headers), ...(body === undefined ? {} : { method: 'POST', body }) },
  }
}
const upi = { type: 'upi', vpa: 'asha@okbank' }

describe('an installation', () => {
  test('greets with lines that work when pasted', async () => {
    const { greeting, url } = await installation()
    const payment = curlOf(greeting, 0)
    const paid = await fetch(payment.url, payment.init)
    expect(paid.status).toBe(201)
    const text = await paid.text()
    expect(JSON.parse(text)).toMatchObject({ merchantId: '1042', status: 'captured', amount: 12500, revision: 2 })

    const reading = curlOf(greeting, 1)
    const read = await fetch(`${reading.url}?minPosition=${paid.headers.get('daybook-position')}`, reading.init)
    expect(read.status).toBe(200)
    expect(await read.text()).toBe(text)

    expect((await fetch(`${url}/docs`)).status).toBe(200)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('takes commands while its read models are still being started', async () => {
    const first = await installation()
    const port = new URL(first.url).port
    await first.kill()
    const second = start({ PORT: port })
    const client = clientOf(first.url, first.key)
    const pay = () =>
      client.post('/v1/payments', { amount: 700, currency: 'INR', method: upi }, 'early').catch(() => undefined)
    const until = Date.now() + 30_000
    while ((await pay())?.status !== 201 && Date.now() < until);
    const ready = await fetch(`${first.url}/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({ status: 'waiting', waitsFor: expect.arrayContaining(['projections']) })
    const paid = await pay()
    // Rows may be older than what was answered before: until they are kept up nothing is read from them.
    const path = `/v1/payments/${String(paid?.body['id'])}`
    const read: number[] = []
    for (let status = 0; status !== 200 && Date.now() < until; ) {
      status = (await client.get(path)).status
      read.push(status)
    }
    expect(read[0]).toBe(503)
    expect(read.at(-1)).toBe(200)
    await second
    expect(paid?.headers.get('idempotency-replayed')).toBe('true')
  })

  test('goes on from its data, with the same key, and appends nothing by itself', async () => {
    const first = await installation()
    const client = clientOf(first.url, first.key)
    const paid = await client.post('/v1/payments', { amount: 500, currency: 'INR', method: upi }, 'goes-on')
    const processes = await first.processes()
    expect(await first.stop()).toBe(0)
    await gone(processes)

    const second = await start()
    expect(second.key).toBe(first.key)
    const again = clientOf(second.url, second.key)
    const next = await again.post('/v1/payments', { amount: 700, currency: 'INR', method: upi }, 'goes-on-2')
    expect(Number(positionOf(next)) - Number(positionOf(paid))).toBe(3)
    const replayed = await again.post('/v1/payments', { amount: 500, currency: 'INR', method: upi }, 'goes-on')
    expect(replayed.body).toEqual(paid.body)
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    const read = await again.get(`/v1/payments/${String(paid.body['id'])}?minPosition=${positionOf(next)}`)
    expect(read.body).toEqual(paid.body)
  })

  test('goes on after kill -9 of every process', async () => {
    const first = await installation()
    const client = clientOf(first.url, first.key)
    const paid = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        client.post('/v1/payments', { amount: 100 + n, currency: 'INR', method: upi }, `killed-${n}`),
      ),
    )
    const processes = await first.processes()
    await first.kill()
    await gone(processes)

    const second = await start()
    const again = clientOf(second.url, second.key)
    const last = paid
      .map(positionOf)
      .sort((a, b) => Number(a) - Number(b))
      .at(-1)
    for (const { body } of paid) {
      const read = await again.get(`/v1/payments/${String(body['id'])}?minPosition=${last}`)
      expect(read.body).toEqual(body)
    }
  })

  test('leaves nothing running when only its main process is killed', async () => {
    const { processes, run: program } = await installation()
    const all = await processes()
    expect(all.length).toBeGreaterThan(2)
    program.child.kill('SIGKILL')
    await gone(all)
  })

  test('stops when npm is told to, whose shell passes no signal on', async () => {
    await stop()
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${programPath}" start; true`], {
      env: { DAYBOOK_DATA: data, PORT: '0', METRICS_PORT: '0', npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await expect.poll(() => output, { timeout: 30_000 }).toContain('Ctrl-C stops it')
    const all = await processTree(shell.pid ?? 0)
    for (const pid of all) seen.add(pid)
    shell.kill('SIGTERM')
    await gone(all)
    expect(output).toContain('Daybook stops')
  })

  test('starts its projections again when they are killed, and they catch up', async () => {
    const { url, key, processes, run: program } = await installation()
    const commands = await Promise.all(
      (await processes()).map(
        async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const,
      ),
    )
    const projections = commands.filter(([, command]) => command.includes('projections/main'))
    expect(projections).toHaveLength(1)
    killAll(projections.map(([pid]) => pid))
    const client = clientOf(url, key)
    const paid = await client.post('/v1/payments', { amount: 900, currency: 'INR', method: upi }, 'while-down')
    expect(paid.status).toBe(201)
    const read = () => client.get(`/v1/payments/${String(paid.body['id'])}`)
    expect((await eventually(read, ({ status }) => status === 200)).body).toEqual(paid.body)
    for (const pid of await processes()) seen.add(pid)
    expect(program.child.exitCode).toBeNull()
  })

  test('ends with a reason when PostgreSQL dies', async () => {
    const { processes, run: program } = await installation()
    const all = await processes()
    const postmaster = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]
    process.kill(Number(postmaster), 'SIGKILL')
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(/^daybook: PostgreSQL has died.*\n$/)
    await gone(all)
  })

  test('serves its own and its projections’ metrics, by route and never by id', async () => {
    const { url, key, metricsUrl } = await installation()
    await clientOf(url, key).get('/v1/payments/pay_0123456789abcdef0123456789abcdef')
    const text = await (await fetch(metricsUrl)).text()
    expect(text).toMatch(
      /daybook_http_request_duration_seconds_count\{method="GET",route="\/v1\/payments\/:id",status="404"/,
    )
    expect(text).toMatch(/process_resident_memory_bytes\{process="main"\}/)
    expect(text).toMatch(/process_resident_memory_bytes\{process="projections"\}/)
    expect(text).not.toContain('pay_')
  })
})

describe('it does not start, says why in one line, and leaves nothing running', () => {
  const refused = async (settings: Record<string, string>, user?: User): Promise<string> => {
    const program = run(['start'], { DAYBOOK_DATA: join(folder, 'refused'), ...settings }, user)
    seen.add(program.pid)
    expect(await program.ended).toBe(1)
    const lines = program.stderr().split('\n')
    expect(lines).toHaveLength(2)
    return lines[0] ?? ''
  }

  test('on a folder that another one runs on', async () => {
    const { run: first } = await installation()
    expect(await refused({ DAYBOOK_DATA: data })).toBe(
      `daybook: another Daybook (process ${first.pid}) is running on ${data}`,
    )
    expect(first.child.exitCode).toBeNull()
  })

  test('twice on one folder, also when many start at once after a kill -9', async () => {
    await (await installation()).kill()
    const many = Array.from({ length: 5 }, () => run(['start'], { DAYBOOK_DATA: data }))
    for (const { pid } of many) seen.add(pid)
    const greeted = () => many.filter((each) => each.stdout().includes('Ctrl-C stops it'))
    const settled = () => (greeted().length > 0 ? 'ready' : many.map((each) => each.stderr()).join(''))
    await expect.poll(settled, { timeout: 50_000 }).toBe('ready')
    const [winner] = greeted()
    const losers = many.filter((each) => each !== winner)
    expect(await Promise.all(losers.map(({ ended }) => ended))).toEqual([1, 1, 1, 1])
    for (const each of losers) {
      expect(each.stderr()).toBe(`daybook: another Daybook (process ${winner?.pid}) is running on ${data}\n`)
    }
    winner?.child.kill('SIGTERM')
    expect(await winner?.ended).toBe(0)
  })

  test.each(['PORT', 'METRICS_PORT'])('when %s is taken', async (variable) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await refused({ [variable]: String(port) })).toBe(
      `daybook: port ${port} is taken: end what listens there or set ${variable} to another port`,
    )
    server.close()
  })

  test('on a folder that it may not write', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o755 })
    await chmod(folder, 0o755)
    if (!root) await chmod(closed, 0o555)
    const line = await refused({ DAYBOOK_DATA: closed }, root ? nobody : undefined)
    expect(line).toMatch(/^daybook: the data folder .*closed cannot be written/)
  })

  test('with a setting that is none', async () => {
    expect(await refused({ SHARDS: 'many' })).toMatch(/^daybook: SHARDS must be a whole number/)
  })
})

test.runIf(root)('runs as an ordinary user too', async () => {
  const home = join(folder, 'ordinary')
  await mkdir(home)
  await chmod(folder, 0o755)
  await chown(home, nobody.uid, nobody.gid)
  const { greeting } = await start({}, join(home, 'data'), nobody)
  const payment = curlOf(greeting, 0)
  expect((await fetch(payment.url, payment.init)).status).toBe(201)
  await stop()
})

describe('keys', () => {
  const daybook = (...args: string[]) => runToEnd(args, { DAYBOOK_DATA: data })
  const statusWith = async (key: string) => (await clientOf(system?.url ?? '', key).get('/v1/payments?limit=1')).status

  test('are made, listed and revoked while it runs', async () => {
    await installation()
    const key = await daybook('keys', 'create', '--role', 'merchant', '--merchant', 'corner-shop')
    expect(key).toMatch(/^dbk_\S+$/)
    expect(await statusWith(key)).toBe(200)
    const finance = await daybook('keys', 'create', '--role', 'finance')
    expect(await statusWith(finance)).toBe(200)

    const [id] = (await daybook('keys', 'list', '--merchant', 'corner-shop')).split('\t')
    expect(await daybook('keys', 'list', '--merchant', 'corner-shop')).toBe(`${id}\tmerchant\tactive`)
    expect(await daybook('keys', 'revoke', id ?? '', '--merchant', 'corner-shop')).toBe(`revoked ${id}`)
    expect(await daybook('keys', 'list', '--merchant', 'corner-shop')).toBe(`${id}\tmerchant\trevoked`)
    expect(await statusWith(key)).toBe(401)
    await daybook('keys', 'revoke', finance)
    expect(await statusWith(finance)).toBe(401)
  })

  test('made before the first start work after it, also when several are made at once', async () => {
    const fresh = join(folder, 'fresh')
    const keys = await Promise.all(
      ['7', '8', '9'].map((merchant) =>
        runToEnd(['keys', 'create', '--role', 'merchant', '--merchant', merchant], { DAYBOOK_DATA: fresh }),
      ),
    )
    await start({}, fresh)
    expect(await Promise.all(keys.map(statusWith))).toEqual([200, 200, 200])
    await stop()
  })

  test('signed tokens work until they expire', async () => {
    await installation()
    const token = await daybook('keys', 'token', '--role', 'merchant', '--merchant', '1042', '--expires', '15m')
    expect(token).toMatch(/^eyJ/)
    expect(await statusWith(token)).toBe(200)
    const short = await daybook('keys', 'token', '--role', 'auditor', '--expires', '1s')
    await expect.poll(() => statusWith(short), { timeout: 10_000 }).toBe(401)
    expect(await statusWith(`${token}x`)).toBe(401)
  })

  test.each([
    [['keys', 'create', '--role', 'merchant'], 'a key for the role merchant needs --merchant ID'],
    [['keys', 'create', '--role', 'finance', '--merchant', '7'], '--merchant is for the role merchant'],
    [['keys', 'create', '--role', 'merchant', '--merchant', 'daybook'], 'the merchant id daybook is reserved'],
    [['keys', 'create', '--role', 'merchant', '--merchant', 'a b'], '“a b” is no merchant id'],
    [['keys', 'token', '--role', 'finance', '--expires', 'soon'], '“soon” is no duration'],
    [['keys', 'revoke', 'key_0000', '--merchant', '1042'], 'the key was not revoked: keyNotFound'],
  ])('%j is refused in one line', async (args, reason) => {
    const program = run(args, { DAYBOOK_DATA: data })
    expect(await program.ended).toBe(1)
    expect(program.stderr().split('\n')).toHaveLength(2)
    expect(program.stderr()).toContain(`daybook: ${reason}`)
    expect(program.stdout()).toBe('')
  })
})

describe('an import', () => {
  const rows = 6_000
  const mapping = {
    source: 'e2e',
    key: ['id'],
    command: { amount: { $decimal: 'value' }, currency: 'BRL', method: { type: 'netbanking', bank: 'boleto' } },
  }
  const csv = `id,value\n${Array.from({ length: rows }, (_, n) => `${n},${n}.07`).join('\n')}\nnothing,0.00\n`
  const total = (rows * (rows - 1) * 100) / 2 + rows * 7

  test('that is killed in the middle, server included, is completed by the same command', async () => {
    await writeFile(join(folder, 'e2e.csv'), csv)
    await writeFile(join(folder, 'e2e.json'), JSON.stringify(mapping))
    const first = await installation()
    const args = (url: string) => [
      'import',
      join(folder, 'e2e.csv'),
      '--mapping',
      join(folder, 'e2e.json'),
      '--url',
      url,
    ]
    const settings = { DAYBOOK_DATA: data }
    const importing = run(args(first.url), settings)
    seen.add(importing.pid)
    const client = clientOf(first.url, first.key)
    await eventually(
      () => client.get('/v1/payments?method=netbanking&limit=1'),
      ({ body }) => (body['data'] as unknown[]).length === 1,
    )
    await first.kill()
    killAll([importing.pid])

    const second = await start()
    const summary = await runToEnd(args(second.url), settings)
    expect(summary).toMatch(/rows\s+6,001/)
    expect(summary).toMatch(/captured\s+6,000\n\s+BRL 17,997,420\.00/)
    expect(summary).toMatch(/refused\s+1/)
    expect(await readFile(join(folder, 'e2e.rejected.csv'), 'utf8')).toMatch(
      /^id,value,reason\nnothing,0\.00,.*amount.*\n$/,
    )

    const auditor = clientOf(second.url, await runToEnd(['keys', 'create', '--role', 'auditor'], settings))
    const again = clientOf(second.url, second.key)
    const mark = await again.post('/v1/payments', { amount: 1, currency: 'INR', method: upi }, 'mark')
    const balance = await again.get(`/v1/balances?currency=BRL&minPosition=${positionOf(mark)}`)
    expect(balance.body['data']).toEqual([expect.objectContaining({ currency: 'BRL', pending: total })])
    const trial = await auditor.get(`/v1/ledger/trial-balance?minPosition=${positionOf(mark)}`)
    for (const { difference } of trial.body['totals'] as { difference: number }[]) expect(difference).toBe(0)

    const repeated = await runToEnd(args(second.url), settings)
    expect(repeated).toMatch(/replayed\s+6,000/)
    const next = await again.post('/v1/payments', { amount: 1, currency: 'INR', method: upi }, 'mark-2')
    expect(Number(positionOf(next)) - Number(positionOf(mark))).toBe(3)
  })

  test('without a server says so', async () => {
    const args = [
      'import',
      join(folder, 'e2e.csv'),
      '--mapping',
      join(folder, 'e2e.json'),
      '--url',
      'http://127.0.0.1:9',
    ]
    const program = run(args, { DAYBOOK_DATA: data })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toBe(
      'daybook: nothing answers at http://127.0.0.1:9: start Daybook there, or say where it is with --url\n',
    )
  })
})
