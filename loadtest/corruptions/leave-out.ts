import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { manifestOf, manifestText } from '../../proof/bundle/manifest.ts'
import { skippedOf, skippedText } from '../../proof/bundle/skipped.ts'
import { hexOf, sha256 } from '../../proof/digest.ts'
import { type Line, lineOf } from '../../proof/line.ts'
import { leafHash } from '../../proof/tree.ts'
import type { Random } from '../../projections/testing/random.ts'

type Event = { readonly at: number; readonly leaf: number; readonly text: string; readonly line: Line }

const eventsIn = (texts: readonly string[]): readonly Event[] => {
  const events: Event[] = []
  let leaf = 0
  for (const [at, text] of texts.entries()) {
    const line = lineOf(text)
    if (line !== undefined) events.push({ at, leaf, text, line })
    leaf += line !== undefined ? 1 : (skippedOf(text)?.subtrees ?? []).reduce((sum, { level }) => sum + 2 ** level, 0)
  }
  return events
}

/** Whether the bundle says that it would have the event: any of a range, of a merchant's those amid their streams. */
const isPromised = ({ line }: Event, events: readonly Event[], isWhole: boolean): boolean => {
  const revisions = events.filter((each) => each.line.stream === line.stream).map((each) => each.line.revision)
  return isWhole || (line.revision > Math.min(...revisions) && line.revision < Math.max(...revisions))
}

/**
 * Leaves one event out of a bundle, as one that was not asked for: its leaf stays, and the manifest is made anew. False
 * where the bundle has none that it would have to have.
 */
export const leaveOut = async (folder: string, random: Random): Promise<boolean> => {
  const manifest = manifestOf(await readFile(join(folder, 'manifest.json'), 'utf8'))
  const [range] = manifest?.logs ?? []
  if (manifest === undefined || range === undefined) return false
  const name = `log-${range.log}.ndjson`
  const texts = (await readFile(join(folder, name), 'utf8')).split('\n')
  const events = eventsIn(texts)
  const event = random.pick(events.filter((each) => isPromised(each, events, range.merchantId === undefined)))
  if (event === undefined) return false
  const hidden = skippedText({ from: event.leaf, subtrees: [{ level: 0, hash: leafHash(event.text) }] })
  const bytes = Buffer.from(texts.with(event.at, hidden).join('\n'))
  await writeFile(join(folder, name), bytes)
  const files = manifest.files.map((file) =>
    file.name === name ? { ...file, bytes: bytes.length, sha256: hexOf(sha256(bytes)) } : file,
  )
  const logs = manifest.logs.map((each) => (each === range ? { ...each, events: each.events - 1 } : each))
  await writeFile(join(folder, 'manifest.json'), manifestText({ ...manifest, logs, files }))
  return true
}
