import type { Options } from '../options.ts'
import { openSession } from '../session.ts'
import type { Outcome } from './outcome.ts'

/** The standard mix once, by the options. */
export const standard = async (options: Options): Promise<Outcome> => {
  const session = await openSession(options)
  try {
    const { batch, connections, rate, reads, seconds } = options
    const name = batch > 1 ? `batches of ${batch}` : 'single commands'
    const load = { name, batch, connections, seconds, reads, checked: true, ...(rate === undefined ? {} : { rate }) }
    return { runs: [(await session.run(load)).run], faults: [] }
  } finally {
    await session.close()
  }
}
