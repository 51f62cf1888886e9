import { ConfigError } from './config-error.ts'
import { Settings } from './settings.ts'
import { readSmallFile } from './small-file.ts'

/** The settings that can be given as a file. */
export const secretNames: readonly string[] = Object.entries(Settings.properties)
  .filter(([, schema]) => 'secret' in schema)
  .map(([name]) => name)

/** The variable that has the path of the secret's file. */
export const fileVariable = (name: string): string => `${name}_FILE`

const secretIn = (name: string, path: string): string => {
  const wrong = (what: string) => new ConfigError(`${fileVariable(name)} names ${path}, which ${what}`)
  try {
    const secret = readSmallFile(path).replace(/(\r?\n)+$/, '')
    if (secret !== '') return secret
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : 'cannot be read')
  }
  throw wrong('is empty')
}

/** The secrets that are in files, by the names of their settings. Throws a `ConfigError`, which has nothing of a file's content. */
export const secretsFromFiles = (environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  Object.fromEntries(
    secretNames.flatMap((name) => {
      const path = environment[fileVariable(name)]
      if (path === undefined || path === '') return []
      if (environment[name]) throw new ConfigError(`${name} and ${fileVariable(name)} are both set: set one of them`)
      return [[name, secretIn(name, path)]]
    }),
  )
