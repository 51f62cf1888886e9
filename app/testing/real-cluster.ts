import { randomBytes } from 'node:crypto'
import { startServices } from '../../infra/testing/services.ts'
import { undoing } from '../../infra/testing/undo.ts'
import { startCluster, type TestCluster } from './cluster.ts'
import type { Settings } from './program.ts'

/** An installation of the cluster profile on real engines, and what its processes were told. */
export type RealCluster = TestCluster & { readonly settings: Settings }

/** Starts the engines and two of each process; `more` are settings beyond those that it always needs. */
export const startRealCluster = async (
  more: Settings,
  say: (line: string) => void = () => undefined,
): Promise<RealCluster> => {
  const undo = undoing()
  try {
    const services = await startServices(say)
    undo.add(() => services.stop())
    const settings = { ...services.environment, JWT_SECRET: randomBytes(24).toString('hex'), ...more }
    const cluster = await startCluster({ ...settings, DB_POOL_MIN: '0', DB_POOL_MAX: '10' }, 2)
    undo.add(() => cluster.stop())
    return { ...cluster, settings, stop: () => undo.all() }
  } catch (error) {
    await undo.all()
    throw error
  }
}
