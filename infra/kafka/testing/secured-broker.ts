import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Certificate } from '../../testing/certificates.ts'
import type { BrokerPorts } from './broker.ts'
import { type Brokers, startBrokers } from './brokers.ts'
import { javaArguments, kafkaJars } from './kafka-jars.ts'

const run = promisify(execFile)

/** A broker with a second way in, which is encrypted and asks for a user by each mechanism. */
export type SecuredBroker = {
  /** `host:port` of that way. */
  readonly address: string
  stop(): Promise<void>
}

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

/** A PEM text as one line of a properties file. */
const inOneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n')

const lines =
  (user: string, password: string, { cert, key }: Certificate) =>
  ({ clients, behindProxy }: BrokerPorts): readonly string[] => {
    const jaas = (module: string, more = ''): string => `org.apache.kafka.common.security.${module} required ${more};`
    const modules = [
      jaas('plain.PlainLoginModule', `user_${user}="${password}"`),
      jaas('scram.ScramLoginModule'),
      jaas('scram.ScramLoginModule'),
    ]
    return [
      `advertised.listeners=PLAINTEXT://127.0.0.1:${clients},PROXIED://127.0.0.1:${behindProxy}`,
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:SASL_SSL,CONTROLLER:PLAINTEXT',
      'ssl.keystore.type=PEM',
      `ssl.keystore.certificate.chain=${inOneLine(cert)}`,
      `ssl.keystore.key=${inOneLine(key)}`,
      `sasl.enabled.mechanisms=${mechanisms.join(',')}`,
      ...mechanisms.map(
        (name, index) => `listener.name.proxied.${name.toLowerCase()}.sasl.jaas.config=${modules[index]}`,
      ),
    ]
  }

/** Lets a user in by SCRAM, whose passwords are in the cluster and not in the broker's file; one mechanism at a time. */
const addUser = async ({ brokers }: Brokers, user: string, password: string): Promise<void> => {
  const program = [...javaArguments(await kafkaJars()), 'kafka.admin.ConfigCommand']
  const whom = ['--bootstrap-server', brokers.join(','), '--alter', '--entity-type', 'users', '--entity-name', user]
  for (const name of mechanisms.filter((each) => each.startsWith('SCRAM')))
    await run('java', [...program, ...whom, '--add-config', `${name}=[password=${password}]`])
}

/** Starts one broker with one user. Call `stop`, which leaves nothing. */
export const startSecuredBroker = async (
  user: string,
  password: string,
  certificate: Certificate,
): Promise<SecuredBroker> => {
  const brokers = await startBrokers(1, lines(user, password, certificate))
  try {
    await addUser(brokers, user, password)
  } catch (error) {
    await brokers.stopAll()
    throw error
  }
  return { address: `127.0.0.1:${brokers.each[0]?.ports.behindProxy}`, stop: () => brokers.stopAll() }
}
