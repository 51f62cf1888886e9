import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What the tests look at in a service of docker-compose.yml. */
export type Service = {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly healthcheck?: object
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}
export type ComposeFile = {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const run = promisify(execFile)
const path = new URL('../../../docker-compose.yml', import.meta.url).pathname
const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))'

/** Variables of the shell that are not set have their defaults. */
const withDefaults = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1')

/** The file as Compose has it, anchors and defaults filled in; undefined where no Python with PyYAML reads it. */
export const readComposeFile = async (): Promise<ComposeFile | undefined> => {
  const hasYaml = await run('python3', ['-c', 'import yaml']).then(
    () => true,
    () => false,
  )
  if (!hasYaml) return undefined
  const { stdout } = await run('python3', ['-c', toJson, path])
  return JSON.parse(withDefaults(stdout)) as ComposeFile
}
