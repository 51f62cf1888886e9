import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { type Readable, pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type Entry, openPromise } from 'yauzl'
import { StartError, messageOf } from '../start-error.ts'

type Source = { readonly stream: Readable; readonly totalBytes: number }

/** One row and how far into the (unpacked) file it reaches, in bytes. */
export type ReadRow = { readonly fields: readonly string[]; readonly endByte: number }

/** A CSV file being read: its header, then its rows as they are asked for. */
export type Table = {
  readonly header: readonly string[]
  readonly totalBytes: number
  readonly rows: AsyncGenerator<ReadRow, void, void>
}

const isZip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.toString('latin1') === 'PK\u0003\u0004'
  } finally {
    await file.close()
  }
}

const openZip = async (path: string): Promise<Source> => {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  const found: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    if (/\.csv$/i.test(entry.fileName) && !entry.fileName.startsWith('__MACOSX/')) found.push(entry)
  }
  const [only, ...others] = found
  if (!only || others.length > 0) {
    zip.close()
    throw new StartError(`${path} holds ${found.length} .csv files, it must be one`)
  }
  const stream = await zip.openReadStreamPromise(only)
  stream.once('close', () => zip.close())
  return { stream, totalBytes: only.uncompressedSize }
}

const openSource = async (path: string): Promise<Source> =>
  (await isZip(path)) ? openZip(path) : { stream: createReadStream(path), totalBytes: (await stat(path)).size }

async function* parseRows(path: string, source: Source, delimiter: string): AsyncGenerator<ReadRow, void, void> {
  const parser = parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true })
  // Errors surface where the parser is read; this ends the other stream when one ends.
  pipeline(source.stream, parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { bytes: number } }>) {
      yield { fields: record, endByte: info.bytes }
    }
  } catch (error) {
    throw error instanceof CsvError ? new StartError(`${path}: ${messageOf(error)}`) : error
  }
}

/** Opens a .csv, or the only .csv in a .zip. Throws a `StartError` where there is none to read. */
export const openTable = async (path: string, delimiter = ','): Promise<Table> => {
  const source = await openSource(path).catch((error: unknown) => {
    throw error instanceof StartError ? error : new StartError(`${path} cannot be read: ${messageOf(error)}`)
  })
  const rows = parseRows(path, source, delimiter)
  const first = await rows.next()
  if (first.done === true) throw new StartError(`${path} is empty`)
  return { header: first.value.fields, totalBytes: source.totalBytes, rows }
}
