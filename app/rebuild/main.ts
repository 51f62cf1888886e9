import { loadConfig } from '../../infra/config/load-config.ts'
import { messageOf } from '../start-error.ts'
import { runRebuild } from './run-rebuild.ts'
import { type StartedRebuild, tellStarter } from './started-rebuild.ts'

// A rebuild that an operator has started over HTTP: builds and ends, also when the process that started it does.

const { projection, ...options } = JSON.parse(process.argv[2] ?? '{}') as StartedRebuild
try {
  process.exitCode = await runRebuild(loadConfig(), projection, { ...options, buildOnly: true })
} catch (error) {
  tellStarter({ type: 'failed', reason: messageOf(error) })
  process.exitCode = 1
} finally {
  if (process.connected) process.disconnect()
}
