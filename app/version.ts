import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The program's version, from its package.json: beside the sources, or above what they were built into. */
export const readVersion = (): string => {
  const path = ['..', '../..'].map((up) => join(import.meta.dirname, up, 'package.json')).find(existsSync)
  const manifest: unknown = path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))
  return manifest instanceof Object && 'version' in manifest ? String(manifest.version) : 'unknown'
}
