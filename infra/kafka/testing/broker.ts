import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cp, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { javaArguments } from './kafka-jars.ts'

/**
 * The ports of one broker. Who comes to `behindProxy` is sent on to `proxy`, where nobody listens unless a test starts a
 * proxy there.
 */
export type BrokerPorts = {
  readonly clients: number
  readonly controller: number
  readonly behindProxy: number
  readonly proxy: number
}

/** A real broker, to be killed or stopped. */
export type Broker = {
  readonly node: number
  readonly ports: BrokerPorts
  readonly pid: number
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
  /** SIGSTOP: it is there and says nothing. */
  freeze(): void
  thaw(): void
  /** Starts it again on its data, after a kill. Resolves before it is ready. */
  restart(): Promise<void>
}

const properties = (node: number, all: readonly BrokerPorts[], data: string): string => {
  const { clients, controller, behindProxy, proxy } = all[node - 1] ?? {
    clients: 0,
    controller: 0,
    behindProxy: 0,
    proxy: 0,
  }
  const copies = Math.min(3, all.length)
  const at = (port: number): string => `127.0.0.1:${port}`
  return `process.roles=broker,controller
node.id=${node}
controller.quorum.voters=${all.map((ports, index) => `${index + 1}@${at(ports.controller)}`).join(',')}
listeners=PLAINTEXT://${at(clients)},PROXIED://${at(behindProxy)},CONTROLLER://${at(controller)}
advertised.listeners=PLAINTEXT://${at(clients)},PROXIED://${at(proxy)}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${data}
offsets.topic.num.partitions=4
offsets.topic.replication.factor=${copies}
transaction.state.log.replication.factor=${copies}
transaction.state.log.min.isr=1
min.insync.replicas=${copies > 2 ? 2 : 1}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
leader.imbalance.check.interval.seconds=1
leader.imbalance.per.broker.percentage=0
`
}

/** Starts one broker with a folder of its own in `folder`. It ends with this process, however that ends. */
export const startBroker = async (
  node: number,
  all: readonly BrokerPorts[],
  folder: string,
  jars: string,
  cluster: string,
  more: (ports: BrokerPorts) => readonly string[] = () => [],
): Promise<Broker> => {
  const ports = all[node - 1]
  if (ports === undefined) throw new RangeError(`there are no ports for broker ${node}`)
  const data = join(folder, `data-${node}`)
  const config = join(folder, `broker-${node}.properties`)
  await cp(join(jars, 'formatted'), data, { recursive: true })
  const directory = randomBytes(16).toString('base64url')
  const names = { version: 1, 'cluster.id': cluster, 'node.id': node, 'directory.id': directory }
  const lines = Object.entries(names).map(([name, value]) => `${name}=${value}`)
  await writeFile(join(data, 'meta.properties'), `${lines.join('\n')}\n`)
  // Of two lines with one name the last counts.
  await writeFile(config, [properties(node, all, data), ...more(ports), ''].join('\n'))

  const start = async (): Promise<ChildProcess> => {
    const output = await open(join(folder, `broker-${node}.log`), 'a')
    const program = ['java', ...javaArguments(jars), 'kafka.Kafka', config]
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...program], { stdio: ['ignore', output.fd, output.fd] })
    await output.close()
    return child
  }
  let child = await start()
  return {
    node,
    ports,
    get pid() {
      return child.pid ?? 0
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    restart: async () => {
      child = await start()
    },
  }
}
