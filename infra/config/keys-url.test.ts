import { describe, expect, test } from 'vitest'
import { keysConnection } from './keys-url.ts'
import { loadConfig } from './load-config.ts'

describe('where the table of keys is', () => {
  test('is a URL as PostgreSQL has it', () => {
    expect(keysConnection('postgres://day%40book:p%3Aw@keys.internal:6432/the%20keys')).toEqual({
      host: 'keys.internal',
      port: 6432,
      user: 'day@book',
      password: 'p:w',
      database: 'the keys',
    })
    expect(keysConnection('postgresql://d:p@[fd00::1]/keys?sslmode=verify-full')).toMatchObject({
      host: 'fd00::1',
      port: 5432,
      tls: {},
    })
  })

  test.each([
    ['keys:5432', 'does not begin with postgres://'],
    ['a secret', 'is no URL'],
    ['mysql://u:secret@h/d', 'does not begin with postgres://'],
    ['postgres://h/d', 'lacks a user, a host or a database'],
    ['postgres://u:secret@h', 'lacks a user, a host or a database'],
    ['postgres://u:%secret@h/d', 'has a % that encodes nothing'],
    ['postgres://u:secret@h/d?sslmode=verify-full&sslrootcert=/nowhere', 'has an sslrootcert which cannot be read'],
    ['postgres://u:secret@h/d?sslmode=require', 'has an sslmode that is neither disable nor verify-full'],
  ])('is refused as %s, and not repeated', (url, reason) => {
    const load = () => loadConfig({ KEYS_URL: url })
    expect(load).toThrow(`KEYS_URL ${reason}`)
    expect(load).not.toThrow(/secret/)
  })

  test('is one place', () => {
    const both = { KEYS_URL: 'postgres://u:p@h/d', KEYS_DIR: '/keys' }
    expect(() => loadConfig(both)).toThrow('KEYS_URL and KEYS_DIR are both set')
  })
})
