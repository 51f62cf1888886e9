import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalidity } from '../../domain/stored-event.ts'
import { type BundledRange, type Manifest, manifestOf } from '../../proof/bundle/manifest.ts'
import { type Bundled, verifyLines } from '../../proof/bundle/verify-lines.ts'
import { hexOf } from '../../proof/digest.ts'
import type { Line } from '../../proof/line.ts'
import { verifierText } from '../../proof/note.ts'
import { type Finding, readStatements, type Statements } from '../../proof/statements.ts'
import { messageOf } from '../start-error.ts'
import { ownText } from '../verify/own-text.ts'
import { linesOf } from '../verify/read-file-lines.ts'
import { readFileOf, readLines } from './bundle-file.ts'

/** A bundle to be verified. */
export type BundleToVerify = {
  readonly folder: string
  /** The key that the ledger's first checkpoint has to name, as `verifierText` writes it; any where absent. */
  readonly key?: string
  readonly onFinding: (finding: Finding) => void
}

/** What a bundle was found to have. */
export type VerifiedBundle = {
  readonly manifest: Manifest
  readonly statements: Statements
  readonly logs: readonly Bundled[]
}

/** A line outside of what the manifest says that the bundle has, or one whose event is not as its schema says. */
const faultOf =
  ({ from, to, merchantId }: BundledRange) =>
  (line: Line): string | undefined => {
    if (line.sequence < from || line.sequence > to) return 'it is not in the range that the manifest names'
    const stored: unknown = JSON.parse(ownText(line))
    const invalid = invalidity(stored)
    if (invalid !== undefined) return `it is not valid by its schema: ${invalid}`
    const metadata = typeof stored === 'object' && stored !== null && 'metadata' in stored ? stored.metadata : undefined
    const owner =
      typeof metadata === 'object' && metadata !== null && 'merchantId' in metadata ? metadata.merchantId : ''
    return merchantId === undefined || owner === merchantId ? undefined : 'it is of another merchant'
  }

const guarded =
  (check: (line: Line) => string | undefined) =>
  (line: Line): string | undefined => {
    try {
      return check(line)
    } catch {
      return 'it is not the text of an event'
    }
  }

const checkFiles = async (
  folder: string,
  { files }: Manifest,
  onFinding: (finding: Finding) => void,
): Promise<void> => {
  const there = new Set(await readdir(folder))
  const listed = new Set(['manifest.json', ...files.map(({ name }) => name)])
  for (const name of there) if (!listed.has(name)) onFinding({ where: name, what: 'the manifest does not list it' })
  for (const file of files) {
    if (!there.has(file.name)) onFinding({ where: file.name, what: 'it is missing' })
    else {
      const found = await readFileOf(folder, file.name)
      if (found.bytes !== file.bytes || found.sha256 !== file.sha256)
        onFinding({ where: file.name, what: 'it is not the file that the manifest lists' })
    }
  }
}

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/**
 * Verifies a bundle with nothing but itself: files, checkpoints and their keys, and that each log's lines are what was
 * signed. Gives what it has; undefined where it has no manifest.
 */
export const verifyBundle = async ({ folder, key, onFinding }: BundleToVerify): Promise<VerifiedBundle | undefined> => {
  const manifest = manifestOf(await textOf(join(folder, 'manifest.json')))
  if (manifest === undefined) {
    onFinding({ where: 'manifest.json', what: 'it is no manifest' })
    return undefined
  }
  await checkFiles(folder, manifest, onFinding)

  const statements = readStatements(linesOf(await textOf(join(folder, 'checkpoints.ndjson'))))
  for (const finding of statements.findings) onFinding(finding)
  const { chain, firstKey } = statements
  if (chain?.ledger !== manifest.ledger) onFinding({ where: 'manifest.json', what: 'it names another ledger' })
  if (key !== undefined && (firstKey === undefined || verifierText(firstKey) !== key))
    onFinding({ where: 'checkpoints, line 1', what: 'the first key is another' })

  const logs: Bundled[] = []
  for (const range of manifest.logs) {
    const { log } = range
    const checkpoints = statements.checkpoints.filter((checkpoint) => checkpoint.log === log)
    const promised = { from: range.from, to: range.to, isWhole: range.merchantId === undefined }
    const given = { log, checkpoints, promised, faultOf: guarded(faultOf(range)), onFinding }
    try {
      const bundled = await verifyLines(readLines(folder, `log-${log}.ndjson`), given)
      logs.push(bundled)
      const isAsListed =
        bundled.events === range.events && bundled.size === range.size && hexOf(bundled.root) === range.root
      if (!isAsListed) onFinding({ where: `log-${log}.ndjson`, what: 'it does not have what the manifest says' })
    } catch (error) {
      onFinding({ where: `log-${log}.ndjson`, what: `it cannot be read: ${messageOf(error)}` })
    }
  }
  return { manifest, statements, logs }
}
