// Brings what is no TypeScript beside the compiled modules that read it, and takes away what is there no more: a
// migration that was renamed must not run a second time under its old name.
import { cp, readdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'

const sources = [
  'domain',
  'proof',
  'http',
  'command-side',
  'projections',
  'query-side',
  'reconciliation',
  'infra',
  'app',
  'loadtest',
]
const assets = new Set(['.sql', '.json', '.html', '.css', '.svg', '.png', '.txt', '.mjs'])
const target = 'dist'

const assetsIn = async (folder) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && assets.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
}

const wanted = new Set((await Promise.all(sources.map(assetsIn))).flat())
const copied = (await Promise.all(sources.map((source) => assetsIn(join(target, source))))).flat()

for (const path of copied) if (!wanted.has(path.slice(target.length + 1))) await rm(path)
for (const path of wanted) await cp(path, join(target, path))
