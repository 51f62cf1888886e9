import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportBundle } from '../../app/audit/export-bundle.ts'
import { verifyBundle } from '../../app/audit/verify-bundle.ts'
import { loadConfig } from '../../infra/config/load-config.ts'
import type { Random } from '../../projections/testing/random.ts'
import { leaveOut } from './leave-out.ts'

/** Exports bundles of an installation: all of it, a range, and a merchant's part; gives their folders. */
export const makeBundles = async (installation: string, signed: number): Promise<readonly string[]> => {
  const config = loadConfig({ DAYBOOK_DATA: installation })
  const [from, to] = [String(Math.floor(signed / 3)), String(Math.floor(signed / 2))]
  const kinds = { all: {}, range: { from, to }, merchant: { merchantId: '2' }, both: { from, to, merchantId: '1' } }
  const folders: string[] = []
  for (const [name, selection] of Object.entries(kinds)) {
    const out = `${installation}-bundle-${name}`
    await exportBundle(config, { out, ...selection }, () => undefined)
    folders.push(out)
  }
  return folders
}

/** How many findings there are in a bundle. */
export const findingsInBundle = async (folder: string): Promise<number> => {
  let findings = 0
  await verifyBundle({ folder, onFinding: () => (findings += 1) })
  return findings
}

/** Whether the verifier in `from` finds anything in a bundle. */
export const standaloneFinds = async (from: string, folder: string): Promise<boolean> => {
  const child = spawn(process.execPath, [join(from, 'verify.mjs'), folder], { stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  return code !== 0
}

const changed = (lines: string[], random: Random): string[] => {
  const at = random.below(lines.length)
  const other = random.below(lines.length)
  switch (random.below(4)) {
    case 0:
      return lines.toSpliced(at, 1)
    case 1:
      return lines.toSpliced(at, 0, lines[other] ?? '')
    case 2:
      return lines.toSpliced(at, 1, '')
    default:
      return lines.toSpliced(at, 0, ...lines.splice(other, 1))
  }
}

/** Changes one thing of a bundle: a bit, a line, a file that is gone or was not there, an event left out; says what. */
export const corruptBundle = async (folder: string, random: Random): Promise<string> => {
  const name = random.pick(await readdir(folder)) ?? ''
  const path = join(folder, name)
  const bytes = await readFile(path)
  const before = bytes.toString('latin1')
  switch (random.below(20)) {
    case 0:
      await rm(path)
      return 'a file removed'
    case 1:
      await appendFile(join(folder, `${name}.more`), 'more')
      return 'a file added'
    case 2:
      return (await leaveOut(folder, random)) ? 'an event left out, with a manifest to match' : 'nothing'
    case 3:
    case 4:
    case 5: {
      const after = changed(before.split('\n'), random).join('\n')
      await writeFile(path, after, 'latin1')
      return after === before ? 'nothing' : 'a line removed, repeated, emptied or moved'
    }
    default: {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
      await writeFile(path, bytes)
      return `a bit of ${name}`
    }
  }
}

/** Corrupts a copy of a bundle by one thing, and tells what that was and which of both verifiers has missed it. */
export const tryBundle = async (
  sound: string,
  random: Random,
  withStandalone: boolean,
): Promise<{ readonly what: string; readonly missedBy: string | undefined }> => {
  const folder = `${sound}-changed`
  try {
    await cp(sound, folder, { recursive: true })
    const what = await corruptBundle(folder, random)
    if (what === 'nothing') return { what, missedBy: undefined }
    if ((await findingsInBundle(folder)) === 0) return { what, missedBy: 'daybook audit verify' }
    const isMissed = withStandalone && !(await standaloneFinds(sound, folder))
    return { what, missedBy: isMissed ? 'verify.mjs' : undefined }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
