import { setTimeout as sleep } from 'node:timers/promises'
import { endInstance, type Instance, startInstance, type Side } from '../../app/testing/cluster.ts'
import type { Settings } from '../../app/testing/program.ts'
import { freePort } from '../system.ts'

/** One process of an installation, begun again on its ports whenever it ends, as whatever runs it for a user does. */
export type Supervised = {
  readonly url: string
  readonly metricsUrl: string
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
  /** Ends it for good; throws when it had to be killed. */
  stop(): Promise<void>
}

const restartMs = 500

/** Starts it. `onEnd` hears what it said where it ended by itself. */
export const supervise = async (
  side: Side,
  settings: Settings,
  onEnd: (side: Side, said: string) => void,
): Promise<Supervised> => {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const fixed = { ...settings, PORT: String(port), METRICS_PORT: String(metricsPort) }
  let stopping = false
  let instance: Instance | undefined = await startInstance(side, fixed)
  const begin = async (): Promise<void> => {
    await sleep(restartMs)
    if (stopping) return
    try {
      instance = await startInstance(side, fixed)
    } catch (error) {
      onEnd(side, String(error))
    }
  }
  const watch = async (): Promise<void> => {
    while (!stopping) {
      const code = await instance?.run.ended
      if (!stopping && instance !== undefined && code !== null) onEnd(side, instance.run.stderr())
      instance = undefined
      await begin()
    }
  }
  const { url, metricsUrl } = instance
  const watching = watch()
  return {
    url,
    metricsUrl,
    kill: async () => {
      const killed = instance
      killed?.run.child.kill('SIGKILL')
      await killed?.run.ended
    },
    stop: async () => {
      stopping = true
      const late = instance && (await endInstance(instance))
      await watching
      // It may have begun meanwhile.
      if (instance) await endInstance(instance)
      if (late !== undefined) throw new Error(`it did not end when asked to:\n${late}`)
    },
  }
}
