import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PostgresError } from './postgres-error.ts'
import { isAlive } from './processes.ts'
import { beginPostgres, type PostgresServer, startPostgres } from './server.ts'

const root = process.getuid?.() === 0
const linux = process.platform === 'linux'

let folder: string
let data: string
const started: PostgresServer[] = []

const start = async (port?: number): Promise<PostgresServer> => {
  const server = await startPostgres(data, port)
  started.push(server)
  return server
}
const query = async (server: PostgresServer, text: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client(server.connection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-server-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('a PostgreSQL of our own', () => {
  test('is made once, starts again with what was written, and listens on this machine alone', async () => {
    const first = await start()
    await query(first, 'create table kept (n int); insert into kept values (1)')
    await first.stop()
    expect(await isAlive(first.pid)).toBe(false)
    const second = await start()
    expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }])
    expect(await query(second, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    expect(await query(second, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }])
    expect((await stat(join(data, 'postgres.password'))).mode & 0o777).toBe(0o600)
    await expect(query({ ...second, connection: { ...second.connection, password: 'x' } }, 'select 1')).rejects.toThrow(
      /password authentication failed/,
    )
  })

  test('leaves nothing half made behind', async () => {
    await mkdir(join(data, 'postgres.new-0badcafe', 'base'), { recursive: true })
    await start()
    expect((await readdir(data)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password'])
  })

  test('says when it has been killed, and starts again', async () => {
    const first = await start()
    await query(first, 'create table kept as select 1 as n')
    process.kill(first.pid, 'SIGKILL')
    expect(await first.died).toEqual(new PostgresError('PostgreSQL has died: ended with SIGKILL'))
    const second = await start()
    expect(await query(second, 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('takes the place of one that an earlier process left running', async () => {
    const first = await start()
    const second = await start()
    expect(await isAlive(first.pid)).toBe(false)
    expect(await query(second, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('does not mind that somebody else has the process id of one that was killed', async () => {
    const first = await start()
    const file = join(data, 'postgres', 'postmaster.pid')
    const lines = await readFile(file, 'utf8')
    await first.stop()
    await writeFile(file, lines.replace(/^\d+/, String(process.pid)))
    await start()
    expect(await isAlive(process.pid)).toBe(true)
  })

  test.runIf(linux)('waits until one that was killed has been collected', async () => {
    const first = await start()
    const file = join(data, 'postgres', 'postmaster.pid')
    const lines = await readFile(file, 'utf8')
    await first.stop()
    // The shell's child has ended, and nobody collects it before what the shell has become ends too.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 2'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      // PostgreSQL only minds a process of its own user.
      ...(root ? { uid: 65_534, gid: 65_534 } : {}),
    })
    const [uncollected] = await once(parent.stdout, 'data')
    await writeFile(file, lines.replace(/^\d+/, String(uncollected).trim()))
    await start()
    expect(parent.exitCode).toBe(0)
  })

  test('uses the port it is given', async () => {
    const { connection } = await start()
    await started.pop()?.stop()
    expect((await start(connection.port)).connection.port).toBe(connection.port)
  })
})

describe('after a crash', () => {
  const crashed = async (): Promise<void> => {
    const server = await start()
    await query(server, 'create table kept as select 1 as n')
    process.kill(server.pid, 'SIGKILL')
    await server.died
  }

  test('it listens, and is ready when it has recovered', async () => {
    await crashed()
    const server = await beginPostgres(data)
    started.push(server)
    await server.ready
    expect(await query(server, 'select n from kept')).toEqual([{ n: 1 }])
  })

  test('it says when it cannot recover', async () => {
    await crashed()
    const wal = join(data, 'postgres', 'pg_wal')
    for (const name of await readdir(wal)) if (/^[0-9A-F]{24}$/.test(name)) await rm(join(wal, name))
    await expect(startPostgres(data)).rejects.toThrow(PostgresError)
  })
})

describe('it says in one line what is wrong', () => {
  test('the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    try {
      await expect(startPostgres(data, port)).rejects.toThrow(
        new PostgresError(`port ${port} is taken: choose another one for PostgreSQL with DB_PORT, or 0 for any`),
      )
    } finally {
      taken.close()
    }
  })

  test('the folder is none', async () => {
    await writeFile(data, '')
    await expect(startPostgres(data)).rejects.toThrow(PostgresError)
  })

  test.skipIf(root)('the folder is not writable', async () => {
    await mkdir(data, { mode: 0o500 })
    await expect(startPostgres(data)).rejects.toThrow(/the folder is not writable/)
  })

  test('the data are damaged', async () => {
    await (await start()).stop()
    await writeFile(join(data, 'postgres', 'PG_VERSION'), '12\n')
    await expect(startPostgres(data)).rejects.toThrow(/^PostgreSQL does not start: database files are incompatible/)
  })
})

/** Starts PostgreSQL in another process, compiled, and leaves it to run until that is killed. */
const elsewhere = async (user: { uid?: number; gid?: number }): Promise<{ child: ChildProcess; pid: number }> => {
  const module = pathToFileURL(join(import.meta.dirname, '..', '..', 'dist', 'infra', 'postgres', 'server.js'))
  const script = `
    import { startPostgres } from ${JSON.stringify(module.href)}
    try { process.stdout.write(String((await startPostgres(${JSON.stringify(data)})).pid)) }
    catch (error) { process.stdout.write(error.name + ': ' + error.message); process.exit(1) }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  if (!/^\d+$/.test(output.toString())) throw new Error(output.toString())
  return { child, pid: Number(output.toString()) }
}

const gone = async (pid: number): Promise<void> => {
  while (await isAlive(pid)) await wait(20)
}
const statusOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/status`, 'utf8')

describe.runIf(linux)('whoever starts it', () => {
  test('it ends when they are killed', async () => {
    const { child, pid } = await elsewhere({})
    child.kill('SIGKILL')
    await gone(pid)
    await start()
  })

  describe.runIf(root)('as root', () => {
    test('it runs as nobody, without any privilege', async () => {
      await chmod(folder, 0o755)
      const status = await statusOf((await start()).pid)
      expect(status).toMatch(/^Uid:\s+65534\s+65534/m)
      expect(status).toMatch(/^Groups:\s*$/m)
      expect(status).toMatch(/^CapEff:\s+0{16}$/m)
    })

    test('below a folder that only root may enter it runs as nobody, who may pass there and no more', async () => {
      await chmod(folder, 0o700)
      const server = await start()
      const status = await statusOf(server.pid)
      expect(status).toMatch(/^Uid:\s+65534\s+65534/m)
      expect(status).toMatch(/^CapEff:\s+0{15}2$/m)
      expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }])
    })

    test('the data of another user become its own', async () => {
      await (await start()).stop()
      for (const name of await readdir(data, { recursive: true })) await chown(join(data, name), 1_234, 1_234)
      const server = await start()
      expect(await query(server, 'select 1 as n')).toEqual([{ n: 1 }])
    })

    test('an ordinary user runs it as himself, and is told when the folder is not his', async () => {
      await chmod(folder, 0o755)
      const user = { uid: 65_534, gid: 65_534 }
      await expect(elsewhere(user)).rejects.toThrow(
        /^PostgresError: PostgreSQL cannot use .*: the folder is not writable/,
      )
      await mkdir(data)
      await chown(data, user.uid, user.gid)
      const { child, pid } = await elsewhere(user)
      expect(await statusOf(pid)).toMatch(/^Uid:\s+65534\s+65534/m)
      child.kill('SIGKILL')
      await gone(pid)
    })
  })
})
