import { median } from '../modes/median.ts'
import type { Beside } from './figures.ts'

const turns = 3

/** Measures the no-op server and Daybook in turns, each what it gives a second; their medians. */
export const inTurns = async (noop: () => Promise<number>, daybook: () => Promise<number>): Promise<Beside> => {
  const [ofNoop, ofDaybook]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    ofNoop.push(await noop())
    ofDaybook.push(await daybook())
  }
  return { noop: median(ofNoop), daybook: median(ofDaybook) }
}
