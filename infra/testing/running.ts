import { Settings } from '../config/settings.ts'

// Engines that run already, for tests to use instead of their own: docs/TESTING.md.

const known: ReadonlySet<string> = new Set(Object.keys(Settings.properties))

/** Where the engine is that a `TEST_…` variable names; empty counts as not set. */
export const running = (name: `TEST_${string}`): string | undefined => process.env[name] || undefined

/** The settings of one engine that are in the environment, as Daybook would take them; other software's stay out. */
export const settingsOf = (prefix: string): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith(prefix) && known.has(name.replace(/_FILE$/, ''))),
  )
