import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadMerchant } from './commands.ts'
import { firstCommand, type StartUp } from './start-up.ts'
import { createKey, freePort, startSystem, type System } from './system.ts'

/** A system of our own: its processes can be looked at, its log can be read, and it can be killed and started again. */
export type Own = {
  readonly data: string
  readonly log: string
  /** SIGKILL to all of it, then a start. */
  crashAndStart(): Promise<StartUp>
}

/** What the load is sent to. */
export type Target = {
  url(): string
  /** A key of an operator. */
  readonly operator: string
  readonly merchants: readonly LoadMerchant[]
  /** Absent for a system that somebody else runs. */
  readonly own?: Own
  /** The process that all others of the system stand below; absent where it runs elsewhere. */
  readonly root?: () => number
  /** Where metrics of the command sides and query sides are; absent where nobody has said. */
  readonly metrics?: { readonly commands: readonly string[]; readonly queries: readonly string[] }
  close(): Promise<void>
}

const post = async <T>(url: string, key: string, body: unknown): Promise<T> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** Registers merchants that nobody else uses, and issues a key for each. */
const registerMerchants = async (
  url: string,
  operator: string,
  run: string,
  count: number,
): Promise<LoadMerchant[]> => {
  const merchants: LoadMerchant[] = []
  for (let n = 0; n < count; n++) {
    const id = `load-${run}-${n}`
    await post(`${url}/v1/merchants`, operator, { id, name: `Merchant ${n} of load ${run}` })
    const { key } = await post<{ key: string }>(`${url}/v1/merchants/${id}/keys`, operator, { role: 'merchant' })
    merchants.push({ id, key })
  }
  return merchants
}

/** A system that runs already, or that somebody else stops. */
export const remoteTarget = async (url: string, operator: string, run: string, merchants: number): Promise<Target> => {
  const origin = url.replace(/\/+$/, '')
  return {
    url: () => origin,
    operator,
    merchants: await registerMerchants(origin, operator, run, merchants),
    close: async () => undefined,
  }
}

/** A system of our own. */
export type OwnTarget = Target & { readonly own: Own; readonly root: () => number }

/** Starts a system on a folder that may have history already; the folder stays when it is closed. */
export const targetOn = async (
  data: string,
  run: string,
  merchants: number,
  settings: Readonly<Record<string, string>>,
): Promise<OwnTarget> => {
  const operator = await createKey(data, 'operator')
  let system: System = await startSystem(data, settings)
  // It is in a group of its own, so that Ctrl-C at the terminal does not reach it.
  const stopWithUs = () => void process.kill(system.pid, 'SIGTERM')
  process.once('exit', stopWithUs)
  const close = async (): Promise<void> => {
    process.off('exit', stopWithUs)
    await system.stop()
  }
  try {
    const registered = await registerMerchants(system.url, operator, run, merchants)
    return {
      url: () => system.url,
      operator,
      merchants: registered,
      root: () => system.pid,
      own: {
        data,
        log: join(data, 'log'),
        crashAndStart: async () => {
          await system.killAll()
          const port = await freePort()
          const begin = performance.now()
          const secondsSince = (): number => (performance.now() - begin) / 1_000
          const accepted = firstCommand(`http://127.0.0.1:${port}`, registered[0]?.key ?? '').then(secondsSince)
          system = await startSystem(data, { ...settings, PORT: String(port) })
          return { readySeconds: secondsSince(), commandSeconds: await accepted }
        },
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Starts a fresh system in a folder of its own, which goes with it unless `keep`. */
export const ownTarget = async (
  run: string,
  merchants: number,
  settings: Readonly<Record<string, string>>,
  keep: boolean,
): Promise<OwnTarget> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-loadtest-'))
  const target = await targetOn(join(folder, 'data'), run, merchants, settings)
  return {
    ...target,
    close: async () => {
      await target.close()
      if (!keep) await rm(folder, { recursive: true, force: true })
    },
  }
}
