import { cluster } from './profiles/systems.ts'
import { remoteTarget, type Target } from './target.ts'

/** Starts an installation of the cluster profile, with real engines and two of each process, which ends with it. */
export const clusterTarget = async (
  run: string,
  merchants: number,
  settings: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Target> => {
  const system = await cluster(say, settings)
  try {
    return {
      ...(await remoteTarget(system.url, await system.keyOf('operator'), run, merchants)),
      root: () => process.pid,
      metrics: { commands: system.metricsOf('command-side'), queries: system.metricsOf('query-side') },
      close: () => system.stop(),
    }
  } catch (error) {
    await system.stop()
    throw error
  }
}
