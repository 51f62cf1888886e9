import { startTestServer } from './test-server.ts'

// The test server as a process of its own, to be killed: `server-process.js FOLDER PORT`. Prints where it is.

const [path = '', port = '0'] = process.argv.slice(2)
const server = await startTestServer(path, Number(port))
process.stdout.write(`${server.connectionString}\n`)
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
process.once('disconnect', () => process.exit(0))
