import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { BundledFile } from '../../proof/bundle/manifest.ts'

/** Writes a file of a bundle, a line each; gives what the manifest says of it. Throws where it is there already. */
export const writeLines = async (
  folder: string,
  name: string,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<BundledFile> => {
  const digest = createHash('sha256')
  const file = createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600 })
  let bytes = 0
  for await (const line of lines) {
    const text = Buffer.from(`${line}\n`)
    digest.update(text)
    bytes += text.length
    if (!file.write(text)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return { name, bytes, sha256: digest.digest('hex') }
}

/** What a manifest would say of a file. Throws where it cannot be read. */
export const readFileOf = async (folder: string, name: string): Promise<BundledFile> => {
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(join(folder, name))) {
    digest.update(chunk)
    bytes += chunk.length
  }
  return { name, bytes, sha256: digest.digest('hex') }
}

/** The lines of a file of a bundle. */
export async function* readLines(folder: string, name: string): AsyncGenerator<string> {
  const input = createReadStream(join(folder, name), 'utf8')
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}
