import type { Logger } from '../logger.ts'
import { createLoop, type Loop } from '../loop.ts'
import type { Settle } from './settle.ts'
import { isReadModelBehind } from './unsettled.ts'

/** Settles everything again and again, `intervalMs` apart; never when that is 0. */
export const scheduleSettlement = (settle: Settle, intervalMs: number, logger: Logger): Loop => {
  const loop = createLoop('settlement', intervalMs, () => settleAll(settle, logger), logger)
  return intervalMs === 0 ? { ...loop, start: () => undefined } : loop
}

const settleAll = async (settle: Settle, logger: Logger): Promise<void> => {
  try {
    const { settled } = await settle({})
    if (settled.length > 0) logger.info({ settlements: settled.length }, 'settled')
  } catch (error) {
    if (!isReadModelBehind(error)) throw error
    logger.warn({}, 'settlement put off: the read models are behind')
  }
}
