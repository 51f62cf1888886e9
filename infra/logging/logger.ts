import { type Logger as Pino, pino } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Config } from '../config/load-config.ts'
import { scrub } from './scrub.ts'

export type Logger = Pino

/** Where lines go: standard output unless a test wants to read them. */
type Destination = { write(line: string): void }

const prettyOn = (terminal: boolean): Destination =>
  terminal
    ? PinoPretty({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,process' })
    : pino.destination({ fd: 1, sync: true })

/**
 * The log of one process: JSON, readable on a terminal. Everything passes `scrub` on its way, so no secret or personal
 * data gets into it. Nothing is written for each request: that is what the metrics are for.
 */
export const createLogger = (
  config: Pick<Config, 'LOG_LEVEL'>,
  processName: string,
  destination: Destination = prettyOn(process.stdout.isTTY === true),
): Logger =>
  pino(
    {
      level: config.LOG_LEVEL,
      base: { process: processName, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args
          const clean =
            first instanceof Error
              ? [{ err: scrub(first) }, ...(rest.length > 0 ? rest.map((each) => scrub(each)) : [scrub(first.message)])]
              : args.map((each) => scrub(each))
          method.apply(this, clean as Parameters<typeof method>)
        },
      },
      serializers: { err: (error: unknown) => error },
    },
    destination,
  )
