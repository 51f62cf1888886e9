import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import type { Command, CommandKind } from './commands.ts'

// What came of every command, in a file, because memory would not hold that of a long run. A record has the command's
// number (6 bytes), its kind, whether it was accepted, its merchant (2 bytes) and its payment's id (16 bytes, zeros
// where it is not known).

const recordBytes = 26
const chunkRecords = 4_096
const kinds: readonly CommandKind[] = ['authorization', 'payment', 'capture', 'void', 'refund']
const noId = '0'.repeat(32)

/** A command of which is known whether it was accepted; any other may have had its effect or not. */
export type Fate = {
  readonly number: number
  readonly kind: CommandKind
  readonly merchant: number
  readonly accepted: boolean
  /** '' for a payment that was not accepted: nobody said its id. */
  readonly paymentId: string
}

/** Where what came of commands is written down. */
export type FateLog = {
  accepted(command: Command, paymentId: string): void
  notAccepted(command: Command): void
  /** Commands accepted so far. */
  count(): number
  close(): void
}

/** Begins a file; it is written in chunks and complete once it is closed. */
export const createFateLog = (path: string): FateLog => {
  const file = openSync(path, 'w')
  const chunk = Buffer.alloc(recordBytes * chunkRecords)
  let used = 0
  let accepted = 0
  const flush = (): void => {
    writeSync(file, chunk, 0, used)
    used = 0
  }
  const write = (command: Command, isAccepted: boolean, paymentId: string): void => {
    chunk.writeUIntBE(command.number, used, 6)
    chunk.writeUInt8(kinds.indexOf(command.kind), used + 6)
    chunk.writeUInt8(isAccepted ? 1 : 0, used + 7)
    chunk.writeUInt16BE(command.merchant, used + 8)
    chunk.write(paymentId === '' ? noId : paymentId.slice(4), used + 10, 16, 'hex')
    used += recordBytes
    if (used === chunk.length) flush()
  }
  return {
    accepted: (command, paymentId) => {
      accepted += 1
      write(command, true, paymentId)
    },
    notAccepted: (command) => write(command, false, command.paymentId),
    count: () => accepted,
    close: () => {
      flush()
      closeSync(file)
    },
  }
}

/** How many commands a closed file is about. */
export const countFates = (path: string): number => Math.floor(statSync(path).size / recordBytes)

const fateAt = (chunk: Buffer, at: number): Fate => {
  const hex = chunk.toString('hex', at + 10, at + recordBytes)
  return {
    number: chunk.readUIntBE(at, 6),
    kind: kinds[chunk.readUInt8(at + 6)] ?? 'payment',
    merchant: chunk.readUInt16BE(at + 8),
    accepted: chunk.readUInt8(at + 7) === 1,
    paymentId: hex === noId ? '' : `pay_${hex}`,
  }
}

/** What a closed file holds, in the order in which it was written or the other way round; a chunk is in memory. */
export function* readFates(path: string, order: 'oldest first' | 'newest first'): Generator<Fate> {
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(recordBytes * chunkRecords)
    const chunks = Math.ceil(fstatSync(file).size / chunk.length)
    for (let n = 0; n < chunks; n++) {
      const from = (order === 'oldest first' ? n : chunks - 1 - n) * chunk.length
      const records = Math.floor(readSync(file, chunk, 0, chunk.length, from) / recordBytes)
      for (let m = 0; m < records; m++)
        yield fateAt(chunk, (order === 'oldest first' ? m : records - 1 - m) * recordBytes)
    }
  } finally {
    closeSync(file)
  }
}
