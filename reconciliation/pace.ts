/** A step through what is new: how long it took with the rest after it at full pace, and how many events it did and left. */
export type Step = { readonly eachMs: number; readonly done: number; readonly left: number }

/** How much longer than at full pace a reconciler rests while there is time for it. */
const unhurried = 10
const hurriedFrom = 1 / 20

/**
 * How many times as long as at full pace to rest after a step. Writers have the machine while all that waits could be
 * compared in a twentieth of the interval; beyond that, and where nothing waits, it is once.
 */
export const restsAfter = ({ eachMs, done, left }: Step, intervalMs: number): number => {
  if (done === 0 || left === 0) return 1
  return (left / done) * eachMs > hurriedFrom * intervalMs ? 1 : unhurried
}
