import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'

/** A moment in which others get on. */
export const moment = (random: Random): Promise<void> => (random.chance(0.2) ? sleep(1) : turn())
