import { environmentDefaults, profileDefaults, readModelsDefaults } from '../dependent-defaults.ts'
import { fileVariable, secretNames } from '../secrets.ts'
import { settingGroups } from '../settings.ts'

type Table = Readonly<Record<string, Readonly<Record<string, unknown>>>>
const tables: readonly (readonly [by: string, Table])[] = [
  ['DAYBOOK_PROFILE', profileDefaults],
  ['NODE_ENV', environmentDefaults],
  ['READ_MODELS', readModelsDefaults],
]

/** The defaults that depend on another setting, in words; empty for a setting that has none. */
export const dependentDefault = (name: string): string =>
  tables
    .filter(([, table]) => Object.values(table).some((row) => name in row))
    .map(([by, table]) => {
      const values = Object.entries(table).map(([value, row]) => `${value}: ${String(row[name])}`)
      return ` (${by} ${values.join(', ')})`
    })
    .join('')

const linesOf = (name: string, schema: object): readonly string[] => {
  const description = 'description' in schema ? String(schema.description) : ''
  const value = 'default' in schema ? String(schema.default) : ''
  return [
    `# ${description}${dependentDefault(name)}`,
    `${name}=${value}`,
    ...(secretNames.includes(name) ? [`${fileVariable(name)}=`] : []),
  ]
}

const head = `# Every setting with its default, as the schema in infra/config has them. What is empty is not set: it has no default, or
# one that depends on another setting. A name with _FILE behind takes the path of a file that holds the secret.
# docs/CONFIGURATION.md says more.`

/** What .env.example has to be. */
export const envExample = (): string =>
  [
    head,
    ...Object.entries(settingGroups).map(([title, group]) =>
      [`\n## ${title}`, ...Object.entries(group).flatMap(([name, schema]) => linesOf(name, schema))].join('\n'),
    ),
    '',
  ].join('\n')
