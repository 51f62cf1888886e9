import { runToEnd } from './program.ts'
import { startRealCluster } from './real-cluster.ts'

const paces = { GATEWAY_TIMEOUT: '300', RESOLVE_INTERVAL: '200', MIN_POSITION_TIMEOUT: '20000' }

/** Before the tests of the cluster profile: all engines, two of each process, and an operator's key. */
const setup = async (): Promise<() => Promise<void>> => {
  const cluster = await startRealCluster(paces)
  try {
    process.env['DAYBOOK_E2E_URL'] = cluster.url
    process.env['DAYBOOK_E2E_SETTINGS'] = JSON.stringify(cluster.settings)
    process.env['DAYBOOK_E2E_KEY'] = await runToEnd(['keys', 'create', '--role', 'operator'], cluster.settings)
    return () => cluster.stop()
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

export default setup
