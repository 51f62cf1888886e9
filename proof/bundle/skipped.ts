import { hexOf } from '../digest.ts'
import type { Subtree } from '../tree.ts'

/**
 * A stretch of a log that a bundle leaves out: the number of its first event in the log, from 0, and the subtrees over all
 * its events, which prove where in the log the rest stands without telling what is left out. Its line is
 *
 *     {"skipped":{"from":8,"subtrees":[{"level":2,"hash":"<64 hex digits>"}]}}
 */
export type Skipped = { readonly from: number; readonly subtrees: readonly Subtree[] }

export const skippedText = ({ from, subtrees }: Skipped): string =>
  JSON.stringify({ skipped: { from, subtrees: subtrees.map(({ level, hash }) => ({ level, hash: hexOf(hash) })) } })

const form = /^\{"skipped":\{"from":(\d{1,16}),"subtrees":\[(.+)\]\}\}$/
const subtreeForm = /\{"level":(\d{1,2}),"hash":"([0-9a-f]{64})"\}/g

/** What such a line says; undefined for any other text. */
export const skippedOf = (text: string): Skipped | undefined => {
  const [, from, list = ''] = form.exec(text) ?? []
  const subtrees = [...list.matchAll(subtreeForm)].map(([, level, hash = '']) => ({
    level: Number(level),
    hash: Buffer.from(hash, 'hex').toString('binary'),
  }))
  const skipped = { from: Number(from), subtrees }
  return skippedText(skipped) === text ? skipped : undefined
}
