import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

const port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback })
const count = (fallback: number, minimum = 1) => Type.Integer({ minimum, default: fallback })

/** Every setting there is, by the name of its environment variable. Times are in milliseconds unless the name says otherwise. */
const Settings = Type.Object({
  NODE_ENV: Type.Enum(['production', 'development', 'test'], { default: 'development' }),
  /** Where commands and queries are served; 0 for a free port. */
  PORT: port(3000),
  /** The address to listen on. */
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  METRICS_PORT: port(9090),
  /** How many processes answer requests on `PORT`; 1 for the main process itself. */
  WORKERS: Type.Integer({ minimum: 1, maximum: 64, default: 1 }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
  /** The folder that holds the log, PostgreSQL's data and this installation's secret. */
  DAYBOOK_DATA: Type.String({ minLength: 1, default: '.daybook' }),
  /** How many logical shards the read models have. Fixed once data is there. */
  SHARDS: count(10),
  /** Where PostgreSQL is and who we are there. The embedded profile starts its own and tells its processes so. */
  DB_HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  /** PostgreSQL's port; 0 for a free one in the embedded profile. */
  DB_PORT: port(0),
  DB_USER: Type.String({ minLength: 1, default: 'daybook' }),
  DB_PASSWORD: Type.String({ default: '' }),
  DB_NAME: Type.String({ minLength: 1, default: 'postgres' }),
  DB_POOL_MAX: count(20),
  DB_CONNECTION_TIMEOUT: count(5_000),
  DB_IDLE_TIMEOUT: count(30_000),
  /** How long a gateway may take before the outcome counts as unknown; 30,000 in production, 2,000 else. */
  GATEWAY_TIMEOUT: Type.Optional(Type.Integer({ minimum: 1 })),
  /** How many calls to one gateway may be under way at once. */
  GATEWAY_MAX_CONCURRENT: count(512),
  /** What the sandbox gateway takes for each call. */
  SANDBOX_LATENCY: Type.Integer({ minimum: 0, maximum: 60_000, default: 0 }),
  /** How long an authorization stands before it lapses, in seconds. */
  AUTHORIZATION_TTL_SECONDS: count(604_800),
  /** How often unresolved outcomes, lapsed authorizations and open payouts are looked for. */
  RESOLVE_INTERVAL: count(1_000),
  /** How often settlement runs by itself; 0 for never. */
  SETTLEMENT_INTERVAL: Type.Integer({ minimum: 0, default: 0 }),
  /** How many commands may wait in this process before 503 is answered. */
  MAX_IN_FLIGHT: count(20_000),
  /** Requests a merchant (or address) may send to one endpoint in a window; 0 for no limit. 1,000 in production, 0 else. */
  RATE_LIMIT_MAX_REQUESTS: Type.Optional(Type.Integer({ minimum: 0 })),
  /** The window of the rate limit, in milliseconds. */
  RATE_LIMIT_WINDOW: count(60_000),
  /** Whether commands on an existing resource must carry If-Match (428 without). */
  REQUIRE_IF_MATCH: Type.Boolean({ default: false }),
  /** Secret of HS256-signed tokens; the installation's own when absent. */
  JWT_SECRET: Type.Optional(Type.String({ minLength: 32 })),
  /** Set by npm for what it starts, to the name of the script. */
  npm_lifecycle_event: Type.Optional(Type.String()),
  /** How long a read waits for `minPosition`. */
  MIN_POSITION_TIMEOUT: count(5_000),
})

/** The settings after defaults that depend on NODE_ENV. */
export type Config = Readonly<Static<typeof Settings>> & {
  readonly GATEWAY_TIMEOUT: number
  readonly RATE_LIMIT_MAX_REQUESTS: number
}

/** A setting that cannot be used, named. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

/** The text as the setting's type has it; text that is no such value stays as it is and is refused by the schema. */
const read = (schema: object, text: string): unknown => {
  const type = 'type' in schema ? schema.type : undefined
  if (type === 'integer' && /^\d{1,15}$/.test(text)) return Number(text)
  return type === 'boolean' ? (booleans.get(text) ?? text) : text
}

/** Reads the environment; throws `ConfigError` naming the variable that is wrong. */
export const loadConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const given = Object.fromEntries(
    Object.entries(Settings.properties).flatMap(([name, schema]) => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, read(schema, value)]]
    }),
  )
  const settings: unknown = Value.Default(Settings, given)
  if (!Value.Check(Settings, settings)) {
    const first = Value.Errors(Settings, settings)[0]
    const name = first?.instancePath.slice(1) || 'configuration'
    throw new ConfigError(`${name} ${first?.message ?? 'is wrong'}`)
  }
  const production = settings.NODE_ENV === 'production'
  return {
    ...settings,
    GATEWAY_TIMEOUT: settings.GATEWAY_TIMEOUT ?? (production ? 30_000 : 2_000),
    RATE_LIMIT_MAX_REQUESTS: settings.RATE_LIMIT_MAX_REQUESTS ?? (production ? 1_000 : 0),
  }
}

/** The settings as an environment that `loadConfig` of a child process reads again. */
export const toEnvironment = (config: Partial<Config>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
