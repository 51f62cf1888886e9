import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { loadConfig } from './load-config.ts'
import { fileVariable, secretNames } from './secrets.ts'
import { settingGroups } from './settings.ts'
import { envExample } from './testing/env-example.ts'

const path = join(import.meta.dirname, '..', '..', '.env.example')
const listed = () => parseEnv(readFileSync(path, 'utf8'))

test('.env.example is what the schema says (vitest -u writes it anew)', async () => {
  await expect(envExample()).toMatchFileSnapshot(path)
})

test('.env.example has every setting and nothing else', () => {
  const settings = Object.values(settingGroups).flatMap((group) => Object.keys(group))
  expect(Object.keys(listed()).sort()).toEqual([...settings, ...secretNames.map(fileVariable)].sort())
})

test('.env.example changes nothing: what it shows are the defaults', () => {
  expect(loadConfig(listed())).toEqual(loadConfig({}))
})

test('.env.example has no secret', () => {
  for (const name of secretNames) expect(listed()[name]).toBe('')
})
