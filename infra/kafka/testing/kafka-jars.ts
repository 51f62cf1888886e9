import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const version = '3.9.1'

const works = (command: string, ...args: readonly string[]): Promise<boolean> =>
  run(command, [...args]).then(
    () => true,
    () => false,
  )

/** Whether brokers can be started here: there is Java, Maven to fetch them with, and what ends them with us. */
export const kafkaAvailable = async (): Promise<boolean> =>
  (await works('setpriv', 'java', '-version')) && (await works('mvn', '-v'))

const dependency = (group: string, artifact: string, of: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${of}</version></dependency>`

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>test</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>${dependency('org.apache.kafka', 'kafka_2.13', version)}${dependency('org.slf4j', 'slf4j-reload4j', '1.7.36')}</dependencies>
</project>`

const logging = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n
`

/** One that is formatted: what brokers of any number and cluster begin with, but for their names. */
const format = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9
listeners=PLAINTEXT://127.0.0.1:8,CONTROLLER://127.0.0.1:9
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
`

/** What Java is started with to have Kafka's programs. */
export const javaArguments = (jars: string): readonly string[] => [
  '-Xmx300m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  `-Dlog4j.configuration=file:${join(jars, 'log4j.properties')}`,
  '-cp',
  join(jars, 'lib', '*'),
]

/**
 * The folder with Kafka's programs (`lib/`) and a formatted data folder (`formatted/`). Made by whichever test needs it
 * first, and left for those of the next runs.
 */
export const kafkaJars = async (): Promise<string> => {
  const folder = join(tmpdir(), `daybook-test-kafka-${version}-${process.getuid?.() ?? 0}`)
  if (await stat(folder).catch(() => undefined)) return folder
  const made = await mkdtemp(`${folder}.new-`)
  await writeFile(join(made, 'pom.xml'), pom)
  await writeFile(join(made, 'log4j.properties'), logging)
  await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], { cwd: made })
  const properties = join(made, 'format.properties')
  await writeFile(properties, `${format}log.dirs=${join(made, 'formatted')}\n`)
  const id = 'MkU3OEVBNTcwNTJENDM2Qk'
  await run('java', [...javaArguments(made), 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties])
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }))
  return folder
}
