import { verifierText } from '../../proof/note.ts'
import type { Finding } from '../../proof/statements.ts'
import { verifyBundle } from './verify-bundle.ts'

const mostShown = 100

/** Verifies a bundle and tells what it found; resolves to the exit code, 1 where it is not as it was exported. */
export const runVerifyBundle = async (folder: string, { key }: { readonly key?: string }): Promise<number> => {
  let findings = 0
  const onFinding = ({ where, what }: Finding): void => {
    findings += 1
    if (findings <= mostShown) console.log(`FOUND ${where}: ${what}`)
  }
  const verified = await verifyBundle({ folder, onFinding, ...(key === undefined ? {} : { key }) })
  for (const [index, { events, skipped, provedBy }] of (verified?.logs ?? []).entries()) {
    const { log, from, to, merchantId } = verified?.manifest.logs[index] ?? {}
    const whose = merchantId === undefined ? 'all events' : `events of the merchant ${merchantId}`
    console.log(`log ${log}: ${whose} from ${from} to ${to}: ${events}; ${skipped} others are left out`)
    if (provedBy !== undefined) console.log(`  as they were signed at ${provedBy.time}`)
  }
  const firstKey = verified?.statements.firstKey
  if (firstKey !== undefined) console.log(`first key ${verifierText(firstKey)}`)
  console.log(`${findings} finding${findings === 1 ? '' : 's'}`)
  return findings === 0 ? 0 : 1
}
