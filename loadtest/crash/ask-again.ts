import { setTimeout as sleep } from 'node:timers/promises'
import { type Journal, type Sent, send } from './load.ts'

/**
 * Asks again for every answer that a crash swallowed, as a client would, until each is decided; and for those that were
 * given, to see whether they are still the same; the journal has those that are not. Throws when one is never decided.
 */
export const askAgain = async (
  url: string,
  owner: ReadonlyMap<Sent, string>,
  journal: Journal,
  sent: readonly Sent[],
): Promise<void> => {
  const queue = [...sent]
  const worker = async () => {
    for (let one = queue.pop(); one; one = queue.pop()) {
      for (let tries = 0; ; tries++) {
        const outcome = await send(url, owner.get(one) ?? '', journal, one)
        if (outcome !== 'undecided') break
        if (tries > 300) throw new Error(`no decided answer to ${one.path} under key ${one.key}`)
        await sleep(100)
      }
    }
  }
  await Promise.all(Array.from({ length: 64 }, worker))
}
