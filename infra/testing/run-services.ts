import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { startServices } from './services.ts'

// `npm run services`: the engines of the cluster profile for a developer, until Ctrl-C.

const tell = (line: string): void => void process.stdout.write(`${line}\n`)

const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
const services = await startServices(tell)
const environment = { ...services.environment, JWT_SECRET: randomBytes(24).toString('hex') }
tell('\nThey run. In another terminal:\n')
for (const [name, value] of Object.entries(environment)) tell(`  export ${name}='${value}'`)
tell('\nand then `npm start`, or one `npm run daybook -- run …` for each process. Ctrl-C ends them all.\n')
await interrupted
tell('The services stop …')
await services.stop()
