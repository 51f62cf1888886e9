import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until the answer is yes, for a minute and a half at most. A question that fails is a no. */
export const until = async (
  what: string,
  isSo: () => Promise<boolean> | boolean,
  timeoutMs = 90_000,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  let last: unknown
  const asked = async (): Promise<boolean> => {
    try {
      return await isSo()
    } catch (error) {
      last = error
      return false
    }
  }
  while (!(await asked())) {
    if (performance.now() > deadline) throw new Error(`${what}: not in time`, { cause: last })
    await sleep(100)
  }
}
