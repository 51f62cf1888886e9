import { connectRedis, type RedisConnection, type RedisSettings } from '../connection.ts'

const atOnce = 100
/** Later than any; what is forgotten for it is gone after so many milliseconds. */
const [latest, soonMs] = ['9'.repeat(20), '1']

/** Connects as the product does. Closing it also removes every key that was written, for Redis may be somebody else's. */
export const connectTidily = (settings: RedisSettings, timeoutMs: number): RedisConnection => {
  const connection = connectRedis(settings, timeoutMs, () => undefined)
  const written = new Set<string>()
  return {
    ...connection,
    run: (script, key, ...args) => {
      written.add(key)
      return connection.run(script, key, ...args)
    },
    close: async () => {
      const keys = [...written]
      const remove = (key: string) => connection.run('forgetOlder', key, latest, soonMs)
      while (keys.length > 0) await Promise.all(keys.splice(0, atOnce).map(remove))
      await connection.close()
    },
  }
}
