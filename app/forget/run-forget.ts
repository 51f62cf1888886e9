import { forget } from '../../command-side/forgetting/forget.ts'
import type { Forgotten } from '../../command-side/forgetting/requests.ts'
import { createChangeMerchant } from '../../command-side/merchants/change-merchant.ts'
import { createMerchantStates } from '../../command-side/merchants/merchant-states.ts'
import { sequencesIn } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { openDataFolder } from '../data-folder.ts'
import { openLogs } from '../engines/event-store.ts'
import { openKeys } from '../engines/keys.ts'
import { onInterruption } from '../interruption.ts'
import { createProgress } from '../progress.ts'
import { type SubjectOptions, subjectIn } from './subject.ts'

export type ForgetOptions = SubjectOptions & { readonly reason: string }

const sumOf = (sequences: readonly number[]): number => sequences.reduce((sum, sequence) => sum + sequence, 0)

const report = (name: string, { found, transactions, plain, unreadable }: Forgotten): void => {
  if (found === 0) console.log(`nothing is there of ${name}`)
  else if (transactions > 0)
    console.log(`forgotten: ${name}, with the keys of ${transactions} of ${found} transactions`)
  else console.log(`${name} has ${found} transactions, none of which has a key any more`)
  if (plain.count > 0) {
    const more = plain.count > plain.first.length ? ', …' : ''
    console.log(
      `NOT FORGOTTEN: ${plain.count} of them were stored before anything was sealed: ${plain.first.join(', ')}${more}`,
    )
  }
  if (unreadable > 0) console.log(`NOT SEEN: ${unreadable} events that this version cannot read`)
}

/**
 * Forgets a customer, a payment or a payout, whether a server runs on the log or not, and says what it has come to.
 * Resolves to the exit code: 1 where there was nothing, something was stored unsealed, could not be read, or it was
 * interrupted. Asked for again it does what is left. Throws a `StartError`.
 */
export const runForget = async (
  config: Config,
  customer: string | undefined,
  options: ForgetOptions,
): Promise<number> => {
  if (config.EVENT_STORE === 'lmdb') await openDataFolder(config.DAYBOOK_DATA)
  const { all } = openLogs(config, { onTrouble: () => undefined })
  const keys = openKeys(config, () => undefined)
  const interruption = onInterruption(() => process.exit(1), false)
  const { signal } = interruption
  try {
    const { merchantId, subject } = await subjectIn(all, customer, options)
    const merchants = createMerchantStates(all, 1)
    const changeMerchant = createChangeMerchant(all, merchants)
    const tools = { store: all, merchants, changeMerchant, readLog: all.readAll, keys, clock: Date.now }
    const toForget = { merchantId, subject, reason: options.reason, by: 'daybook forget' }
    const progress = createProgress(Math.max(1, sumOf(sequencesIn(await all.head()))), 'transactions')
    const told = await forget(
      tools,
      toForget,
      (position, { found }) => progress.update(sumOf(sequencesIn(position)), found),
      signal,
    ).finally(() => progress.stop())
    report(`${subject.type} ${subject.id}`, told)
    return told.found > 0 && told.plain.count === 0 && told.unreadable === 0 ? 0 : 1
  } catch (error) {
    if (!signal.aborted) throw error
    console.log('interrupted: what was found so far may be forgotten; the same command does the rest')
    return 1
  } finally {
    interruption.end()
    await keys.close()
    await all.close()
  }
}
