import { setImmediate as nextTurn } from 'node:timers/promises'

/** Resolves once the condition holds. A test that waits in vain ends by its own timeout. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await nextTurn()
}
