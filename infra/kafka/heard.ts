import type { Logger } from '../../projections/logger.ts'
import { KafkaUnavailable } from './unavailable.ts'

/** What kafkajs said of what is wrong: it tries again for as long as one waits, and who gives up knows nothing of why. */
export type Heard = {
  /** To be given to kafkajs. */
  readonly logger: Logger
  /** Nothing was said yet. */
  forget(): void
  /** The error that nobody has answered, because of what was said last. */
  unavailable(message: string): KafkaUnavailable
}

/** Passes on to the logger what it hears. */
export const hear = (logger: Logger): Heard => {
  let last: string | undefined
  return {
    logger: {
      info: (fields, message) => logger.info(fields, message),
      warn: (fields, message) => {
        last = message
        logger.warn(fields, message)
      },
      error: (fields, message) => logger.error(fields, message),
    },
    forget: () => {
      last = undefined
    },
    unavailable: (message) => new KafkaUnavailable(message, last === undefined ? {} : { cause: new Error(last) }),
  }
}
