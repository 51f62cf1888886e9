import type { Config } from '../../infra/config/load-config.ts'
import { rangeOptions } from '../position-option.ts'
import { StartError } from '../start-error.ts'
import { exportBundle } from './export-bundle.ts'

/** As the command line has it. */
export type ExportOptions = {
  readonly out: string
  readonly from?: string
  readonly to?: string
  readonly merchant?: string
}

const progressEvery = 100_000

/** Exports what was signed of the log, and says what was. Throws a `StartError` that names the option which is wrong. */
export const runExport = async (config: Config, { out, from, to, merchant }: ExportOptions): Promise<void> => {
  let seen = 0
  const onEvent = (): void => {
    seen += 1
    if (seen % progressEvery === 0) process.stderr.write(`${seen.toLocaleString('en-US')} events\n`)
  }
  const given = {
    out,
    ...rangeOptions(from, to),
    ...(merchant === undefined ? {} : { merchantId: merchant }),
  }
  const { logs, files } = await exportBundle(config, given, onEvent)
  if (logs.every(({ events }) => events === 0))
    throw new StartError(`nothing that was signed is in it: look at --from, --to and --merchant; ${out} can be deleted`)
  for (const range of logs)
    console.log(
      `log ${range.log}: ${range.events.toLocaleString('en-US')} events from ${range.from} to ${range.to}, proved by the checkpoint of ${range.size.toLocaleString('en-US')} events`,
    )
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  console.log(
    `${files.length + 1} files, ${bytes.toLocaleString('en-US')} bytes in ${out}; to verify: node ${out}/verify.mjs`,
  )
}
