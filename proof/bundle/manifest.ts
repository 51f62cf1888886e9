import { hexOf, sha256 } from '../digest.ts'

/** A file of a bundle. */
export type BundledFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/** What a bundle has of a log: all events with sequences from `from` to `to`, or those of one merchant. */
export type BundledRange = {
  readonly log: number
  readonly from: number
  readonly to: number
  readonly merchantId?: string
  readonly events: number
  /** How many events the log had, and the root of their tree, when that was signed which proves this. */
  readonly size: number
  readonly root: string
}

/** What is in a bundle. */
export type Manifest = {
  readonly format: 'daybook-audit-bundle/1'
  readonly ledger: string
  readonly logs: readonly BundledRange[]
  readonly files: readonly BundledFile[]
}

const digestOf = (manifest: Manifest): string => hexOf(sha256(JSON.stringify(manifest)))

/** The manifest's file: its last field is the SHA-256 of the manifest without it, as JSON without white space. */
export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, digest: digestOf(manifest) }, undefined, 2)}\n`

const isManifest = (value: object): value is Manifest =>
  'format' in value &&
  value.format === 'daybook-audit-bundle/1' &&
  'ledger' in value &&
  'logs' in value &&
  Array.isArray(value.logs) &&
  'files' in value &&
  Array.isArray(value.files)

/** The manifest in such a file; undefined for any other. */
export const manifestOf = (text: string): Manifest | undefined => {
  try {
    const { digest: _digest, ...manifest } = JSON.parse(text)
    return isManifest(manifest) && manifestText(manifest) === text ? manifest : undefined
  } catch {
    return undefined
  }
}
