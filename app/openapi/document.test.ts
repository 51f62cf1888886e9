import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hono } from 'hono'
import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { createCommandSide } from '../../command-side/main.ts'
import type { Edge } from '../../http/principal.ts'
import { createQuerySide } from '../../query-side/main.ts'
import { parkedRoutes } from '../parked/routes.ts'
import { rebuildRoutes } from '../rebuild/routes.ts'
import { repairRoutes } from '../reconciliation/routes.ts'
import { openApiDocument } from './document.ts'
import { operations } from './operations.ts'
import { problems } from './problems.ts'
import { type SchemaName, schemas } from './schemas.ts'

const document = JSON.parse(JSON.stringify(openApiDocument('0.0.0'))) as {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, unknown> }>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

const everyValue = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(everyValue)] : [value]

const referencesIn = (value: unknown): string[] =>
  everyValue(value).flatMap((each) =>
    typeof each === 'object' && each !== null && '$ref' in each ? [String(each.$ref)] : [],
  )

const resolve = (reference: string): unknown =>
  reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((value, member) => (value as Record<string, unknown> | undefined)?.[member], document)

/** Routes are only looked at, so what they work with is not needed. */
const registered = (): string[] => {
  const sandbox = { name: 'sandbox' }
  const commandSide = createCommandSide({ gateways: [sandbox], bank: sandbox, settings: {} } as never)
  const querySide = createQuerySide({ shards: { all: [] } } as never)
  const apps: readonly Hono<Edge>[] = [
    commandSide.routes,
    querySide.routes,
    querySide.publicRoutes,
    rebuildRoutes({} as never),
    parkedRoutes({} as never),
    repairRoutes({} as never, {} as never),
  ]
  return apps
    .flatMap((app) => app.routes)
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:\w+/g, '{}')}`)
}

test('every reference leads somewhere', () => {
  const references = referencesIn(document)
  expect(references.length).toBeGreaterThan(100)
  expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([])
})

test('nothing is written down that is not referred to', () => {
  const references = new Set(referencesIn(document))
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !references.has(`#/components/schemas/${name}`),
  )
  expect(unused).toEqual([])
})

test('every route is documented, and nothing else', () => {
  const documented = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(documented.sort()).toEqual([...new Set(registered())].sort())
})

test('operations have ids of their own, and a success and a problem for all that need a key', () => {
  const ids = operations.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { path, method, roles } of operations) {
    const statuses = Object.keys(document.paths[path]?.[method]?.responses ?? {})
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true)
    if (roles.length > 0) expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429', '500']))
  }
})

test.each(
  operations.flatMap(({ id, body, answers }) =>
    [...(body === undefined ? [] : [body]), ...answers].flatMap(({ schema, mediaType, examples = {} }) =>
      schema === undefined || mediaType !== undefined
        ? []
        : Object.entries(examples).map(([name, value]) => ({ id, name, schema: schema as SchemaName, value })),
    ),
  ),
)('example $name of $id fits $schema', ({ schema, value }) => {
  expect(Value.Errors(schemas[schema], value)).toEqual([])
})

test('the lines of the batch example fit', () => {
  const lines = String(operations.find(({ id }) => id === 'sendBatch')?.body?.examples['twoLines'])
    .split('\n')
    .filter((line) => line !== '')
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(Value.Errors(schemas.BatchCommand, JSON.parse(line))).toEqual([])
})

test('every problem of an operation is a known one', () => {
  expect(operations.flatMap((operation) => operation.problems).filter((code) => problems[code] === undefined)).toEqual(
    [],
  )
})

const root = join(import.meta.dirname, '../..')

const sources = async (): Promise<string[]> => {
  const folders = ['http', 'command-side', 'query-side', 'app']
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }))
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('testing/'))
        .map((file) => join(root, folder, file)),
    ),
  )
  return Promise.all(files.flat().map((file) => readFile(file, 'utf8')))
}

test('every problem that is thrown anywhere is explained, with its status', async () => {
  const thrown = (await sources()).flatMap((text) => [...text.matchAll(/new Problem\(\s*(\d{3}),\s*'(\w+)'/g)])
  expect(thrown.length).toBeGreaterThan(20)
  for (const [, status, code = ''] of thrown) expect([code, problems[code]?.status]).toEqual([code, Number(status)])
})

test('rejections are listed in the order in which the rules ask for them', async () => {
  const page = await readFile(join(root, 'docs/REJECTIONS.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `\w+` \| [^|]*`(POST \/v1[^`]*)`[^|]* \| ([^|]*) \|$/gm)]
  expect(rows.length).toBeGreaterThan(8)
  for (const [, route = '', codes = ''] of rows) {
    const wanted = [...codes.matchAll(/`(\w+)`/g)].map(([, code = '']) => code)
    const operation = operations.find(
      ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{id}')}` === route,
    )
    const listed = operation?.problems.filter((code) => wanted.includes(code)) ?? []
    expect([route, listed]).toEqual([route, wanted.filter((code) => listed.includes(code))])
  }
})
