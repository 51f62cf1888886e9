import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { fileVariable, secretNames } from '../config/secrets.ts'
import { Settings } from '../config/settings.ts'
import { readComposeFile } from './testing/compose-file.ts'

const file = await readComposeFile()
const services = Object.entries(file?.services ?? {})
const ours = services.filter(([, { command }]) => command?.[0] === 'run')
const waits = services.flatMap(([name, { depends_on }]) =>
  Object.entries(depends_on ?? {}).map(([other, { condition }]) => ({ name, other, condition })),
)
const known = new Set([...Object.keys(Settings.properties), ...secretNames.map(fileVariable)])

const secretIn = (name: string): string =>
  name === 'keys_url' ? 'postgres://daybook:secret@pg-keys:5432/keys' : 's'.repeat(64)

describe.skipIf(file === undefined)('docker-compose.yml', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-compose-'))
    for (const name of Object.keys(file?.secrets ?? {})) await writeFile(join(folder, name), secretIn(name))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('runs every side', () => {
    const run = ours.map(([, { command }]) => command?.[1])
    expect(new Set(run)).toEqual(new Set(['command-side', 'projections', 'query-side', 'reconciler', 'relay']))
  })

  it.each(ours)('gives %s settings that there are, and that fit together', (_, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([])
    const here = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.startsWith('/run/secrets/') ? join(folder, basename(value)) : value,
      ]),
    )
    expect(loadConfig(here)).toMatchObject({
      EVENT_STORE: 'eventstoredb',
      FEED: 'kafka',
      READ_MODELS: 'postgres',
      CACHE: 'redis',
    })
  })

  it('lets those who need no keys of personal data know none', () => {
    const knowing = ours.filter(([, { secrets = [] }]) => secrets.includes('keys_url')).map(([name]) => name)
    expect(new Set(knowing)).toEqual(new Set(['command-side', 'query-side']))
  })

  it.each(services)('gives %s the secrets that it reads', (_, { environment = {}, secrets = [] }) => {
    const read = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'))
    expect(read.filter((path) => !secrets.includes(basename(path)))).toEqual([])
    expect(secrets.filter((name) => !(name in (file?.secrets ?? {})))).toEqual([])
  })

  it.each(waits)('has $name wait for $other by something that happens', ({ other, condition }) => {
    const awaited = file?.services[other]
    expect(awaited).toBeDefined()
    if (condition === 'service_healthy') expect(awaited?.healthcheck).toBeDefined()
    else expect([condition, awaited?.healthcheck]).toEqual(['service_completed_successfully', undefined])
  })

  it('pins every image that it does not build', () => {
    const images = services.map(([, { image = '' }]) => image).filter((image) => !image.startsWith('daybook:'))
    expect(images.filter((image) => !/:.*\d/.test(image) || image.endsWith(':latest'))).toEqual([])
  })
})
