import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { editDistance } from './edit-distance.ts'
import { fileVariable, secretNames } from './secrets.ts'
import { Settings } from './settings.ts'

const settings: readonly string[] = [...Object.keys(Settings.properties), ...secretNames.map(fileVariable)]
const known: ReadonlySet<string> = new Set(settings)

/** No other software has variables of these names. */
const own = ['DAYBOOK_', 'EVENT_STORE', 'READ_MODEL', 'SHARD', 'RATE_LIMIT_', 'CHECKPOINT_', 'RECONCILIATION_']

/** What the tests are told where to find a running system. */
const ofTests = 'DAYBOOK_E2E_'

/**
 * The beginnings of the engines' settings, with whether they are used. Other software has such variables too (Kafka's own
 * scripts KAFKA_OPTS, say), so only those of an engine that is chosen are taken for ours.
 */
const engines = (config: Config): readonly (readonly [prefix: string, chosen: boolean])[] => [
  ['EVENTSTORE_', config.EVENT_STORE === 'eventstoredb'],
  ['KAFKA_', config.FEED === 'kafka'],
  ['DB_', config.READ_MODELS === 'postgres'],
  ['REDIS_', config.CACHE === 'redis'],
]

/** What Kubernetes and Docker tell each container of each service; `NAME_PORT` as well, if its value is an address. */
const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_[A-Z]+)?$/.test(name) ||
  (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value))

/** The setting that is most like the name, if one is like it. */
const meant = (name: string, candidates: readonly string[]): string | undefined => {
  const [nearest] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const near = nearest && nearest.distance <= Math.max(2, nearest.candidate.length / 4)
  return near ? nearest.candidate : candidates.find((each) => each.startsWith(name) || name.startsWith(each))
}

/** Long names are not alike by chance. */
const isMisspelt = (name: string, candidates: readonly string[]): boolean =>
  candidates.some((each) => each.length >= 7 && editDistance(name, each) <= (each.length >= 14 ? 2 : 1))

const refuse = (name: string, candidates: readonly string[]): never => {
  const setting = meant(name, candidates)
  const hint = setting ? `is ${setting} meant?` : 'docs/CONFIGURATION.md has those there are'
  throw new ConfigError(`${name} is no setting of Daybook: ${hint}`)
}

/** Throws a `ConfigError` that names a variable which looks like a setting and is none. */
export const checkNames = (environment: NodeJS.ProcessEnv, config: Config): void => {
  const beginnings = engines(config)
  const unused = beginnings.filter(([, chosen]) => !chosen).map(([prefix]) => prefix)
  const ours = [...own, ...beginnings.filter(([, chosen]) => chosen).map(([prefix]) => prefix)]
  const begins = (name: string, prefixes: readonly string[]) => prefixes.some((prefix) => name.startsWith(prefix))
  const candidates = settings.filter((name) => !begins(name, unused))
  for (const [name, value] of Object.entries(environment)) {
    if (known.has(name) || value === undefined || !/^[A-Z0-9_]{1,64}$/.test(name)) continue
    if (name.startsWith(ofTests) || isServiceLink(name, value) || begins(name, unused)) continue
    if (begins(name, ours) || isMisspelt(name, candidates)) refuse(name, candidates)
  }
}
