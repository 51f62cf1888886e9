import { Value } from 'typebox/value'
import { type Config, configOf } from './config.ts'
import { ConfigError } from './config-error.ts'
import { checkRequirements } from './requirements.ts'
import { fileVariable, secretNames, secretsFromFiles } from './secrets.ts'
import { Settings } from './settings.ts'
import { checkNames } from './unknown-names.ts'
import { wrongValue } from './wrong-value.ts'

export type { Config } from './config.ts'
export { ConfigError } from './config-error.ts'

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

const readSettings = (textOf: (name: string) => string | undefined): Settings => {
  const values = Object.fromEntries(
    Object.entries(Settings.properties).flatMap(([name, schema]) => {
      const value = textOf(name)
      return value === undefined || value === '' ? [] : [[name, read(schema, value)]]
    }),
  )
  const settings: unknown = Value.Default(Settings, values)
  if (Value.Check(Settings, settings)) return settings
  const name = Value.Errors(Settings, settings)[0]?.instancePath.slice(1) ?? ''
  const schema = Object.entries(Settings.properties).find(([each]) => each === name)?.[1] ?? {}
  throw new ConfigError(wrongValue(name, schema, textOf(name)))
}

/**
 * Reads the environment, and the files of secrets that it names. An empty variable counts as not set. Throws a
 * `ConfigError` that names the variable which is wrong, missing or no setting at all.
 */
export const loadConfig = (environment: NodeJS.ProcessEnv = process.env): Config => {
  const secrets = secretsFromFiles(environment)
  const config = configOf(readSettings((name) => secrets[name] ?? environment[name]))
  checkNames(environment, config)
  checkRequirements(config)
  return config
}

/**
 * The settings as an environment that `loadConfig` of a child process reads again, secrets by value: the variables that
 * name their files, which a child may inherit, are emptied.
 */
export const toEnvironment = (config: Partial<Config>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(secretNames.map((name) => [fileVariable(name), ''])),
  ...Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ),
})
