import { cpus, totalmem } from 'node:os'
import type { Machine } from './result.ts'

/** The machine this runs on. */
export const machine = (): Machine => ({
  cpus: cpus().length,
  model: cpus()[0]?.model ?? '',
  memoryGiB: Number((totalmem() / 1024 ** 3).toFixed(1)),
  node: process.version,
})
