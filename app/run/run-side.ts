import type { Hono } from 'hono'
import type { Edge } from '../../http/principal.ts'
import type { Probe } from '../../query-side/health.ts'
import { openDataFolder } from '../data-folder.ts'
import { openCaches } from '../engines/caches.ts'
import { answerOn, openPort } from '../front.ts'
import { eventStoreProbe, openReads, openStore, readModelsProbe, writable } from '../ground.ts'
import type { Ground } from '../sides.ts'
import type { Begun, Task } from './run-process.ts'

/** Opens what a side stands on, and answers on `PORT` with what `make` makes of it. */
export const beginSide = async (task: Task, make: (ground: Ground) => Hono<Edge>): Promise<Begun> => {
  const { config, metrics, log } = task
  const port = await openPort(task)
  const secret = config.JWT_SECRET ?? (await openDataFolder(config.DAYBOOK_DATA)).secret
  const logs = openStore(task)
  const servers = openReads(task)
  const caches = openCaches(task, false)
  const probes: readonly Probe[] = [eventStoreProbe(logs), readModelsProbe(servers)]
  const store = writable(logs, task)
  const ground = { config, secret, logs, store, servers, caches, probes, limiter: caches.limiter, metrics, log }
  answerOn(port, make({ ...ground, projectionsReady: () => true }), task)
  return { probes, port: port.port }
}
