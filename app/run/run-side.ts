import type { Hono } from 'hono'
import type { Edge } from '../../http/principal.ts'
import type { querySideProbes } from '../probes.ts'
import { openDataFolder } from '../data-folder.ts'
import { openCaches } from '../engines/caches.ts'
import { openGateways } from '../engines/gateways.ts'
import { openMerchants, warmMerchants } from '../engines/merchants.ts'
import { answerOn, openPort } from '../front.ts'
import { openKeyStore, openReads, openStore, writable } from '../ground.ts'
import { openRebuilds } from '../rebuild/rebuilds.ts'
import type { Ground } from '../sides.ts'
import { StartError } from '../start-error.ts'
import type { Begun, Task } from './run-process.ts'

/**
 * Opens what a side stands on, and answers on `PORT` with what `make` makes of it. Throws a `StartError` where more than
 * one process is asked for.
 */
export const beginSide = async (
  task: Task,
  probesOf: typeof querySideProbes,
  make: (ground: Ground) => Hono<Edge>,
): Promise<Begun> => {
  const { config, metrics, log } = task
  if (config.WORKERS > 1)
    throw new StartError('WORKERS is for `daybook start`: of a side that runs alone, run as many as there should be')
  const port = await openPort(task)
  const secret = config.JWT_SECRET ?? (await openDataFolder(config.DAYBOOK_DATA)).secret
  const logs = openStore(task)
  const servers = openReads(task)
  const caches = openCaches(task, false)
  const merchants = openMerchants(task, logs, caches)
  const gateways = openGateways(logs, caches)
  const probes = probesOf(logs, servers)
  const store = writable(logs, task)
  const keys = openKeyStore(task)
  const rebuilds = openRebuilds(task, logs)
  const data = {
    secret,
    logs,
    store,
    keys,
    servers,
    caches,
    merchants,
    gateways,
    projectionsReady: () => true,
    rebuilds,
  }
  answerOn(port, make({ config, ...data, probes, limiter: caches.limiter, metrics, log }), task)
  warmMerchants(merchants, servers, task)
  return { probes, port: port.port }
}
