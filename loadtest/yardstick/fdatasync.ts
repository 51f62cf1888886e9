import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Yardstick } from '../result.ts'

const pageBytes = 4_096
const pages = 4_096

/**
 * How often a second a page of 4 KiB can be made durable in a folder: pages of a file that is there already are written
 * one after the other, each flushed before the next, by one thread.
 */
export const measureFdatasync = (folder: string, seconds: number): Yardstick => {
  const path = join(folder, 'fdatasync')
  const page = Buffer.alloc(pageBytes, 0x5a)
  const file = openSync(path, 'w')
  try {
    writeSync(file, Buffer.alloc(pages * pageBytes), 0)
    fdatasyncSync(file)
    const beginMs = performance.now()
    let flushes = 0
    while (performance.now() < beginMs + seconds * 1_000) {
      writeSync(file, page, 0, pageBytes, (flushes % pages) * pageBytes)
      fdatasyncSync(file)
      flushes += 1
    }
    return { name: 'fdatasync', perSecond: (flushes * 1_000) / (performance.now() - beginMs), note: '4 KiB each' }
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
