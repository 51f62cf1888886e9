import { randomBytes } from 'node:crypto'
import { startServices } from '../../infra/testing/services.ts'
import { startCluster } from './cluster.ts'
import { runToEnd } from './program.ts'

/** Before the tests of the cluster profile: all engines, two of each process, and an operator's key. */
const setup = async (): Promise<() => Promise<void>> => {
  const services = await startServices()
  try {
    const secrets = { JWT_SECRET: randomBytes(24).toString('hex') }
    const settings = {
      ...services.environment,
      ...secrets,
      GATEWAY_TIMEOUT: '300',
      RESOLVE_INTERVAL: '200',
      MIN_POSITION_TIMEOUT: '20000',
    }
    const cluster = await startCluster({ ...settings, DB_POOL_MIN: '0', DB_POOL_MAX: '10' }, 2)
    process.env['DAYBOOK_E2E_URL'] = cluster.url
    process.env['DAYBOOK_E2E_SETTINGS'] = JSON.stringify(settings)
    process.env['DAYBOOK_E2E_KEY'] = await runToEnd(['keys', 'create', '--role', 'operator'], settings)
    return async () => {
      try {
        await cluster.stop()
      } finally {
        await services.stop()
      }
    }
  } catch (error) {
    await services.stop()
    throw error
  }
}

export default setup
