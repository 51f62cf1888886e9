import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ReadRow, openTable } from './open-table.ts'

/** A zip with these files in it, deflated. */
const zipOf = (files: Readonly<Record<string, string>>): Buffer => {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const raw = Buffer.from(text)
    const packed = deflateRawSync(raw)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(raw), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(raw.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, entries, end])
}

const collect = async (rows: AsyncIterable<ReadRow>): Promise<readonly ReadRow[]> => {
  const all: ReadRow[] = []
  for await (const row of rows) all.push(row)
  return all
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-table-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const written = async (name: string, content: string | Buffer): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const text = '\uFEFFid,"note"\r\n1,"a ""quoted"", note"\r\n\r\n2,Ação\r\n3\r\n'

test.each([
  ['a.csv', Buffer.from(text)],
  ['a.csv.zip', zipOf({ 'readme.txt': 'no', 'data/a.csv': text })],
  ['named-otherwise.bin', zipOf({ 'A.CSV': text, '__MACOSX/a.csv': 'x' })],
])('%s is read row by row', async (name, content) => {
  const table = await openTable(await written(name, content))
  expect(table.header).toEqual(['id', 'note'])
  expect(table.totalBytes).toBe(Buffer.byteLength(text))
  const rows = await collect(table.rows)
  expect(rows.map(({ fields }) => fields)).toEqual([['1', 'a "quoted", note'], ['2', 'Ação'], ['3']])
  expect(rows.map(({ endByte }) => endByte)).toEqual(rows.map(({ endByte }) => endByte).sort((a, b) => a - b))
  expect(rows.at(-1)?.endByte).toBeGreaterThan(table.totalBytes - 10)
})

test('another delimiter', async () => {
  const table = await openTable(await written('b.csv', 'a;b\n1;2,5\n'), ';')
  expect((await table.rows.next()).value).toMatchObject({ fields: ['1', '2,5'] })
})

test.each([
  ['two.zip', zipOf({ 'a.csv': 'x', 'b.csv': 'y' }), /holds 2 .csv files, it must be one/],
  ['none.zip', zipOf({ 'a.txt': 'x' }), /holds 0 .csv files/],
  ['empty.csv', Buffer.from(''), /is empty/],
  ['broken.zip', Buffer.from('PK\u0003\u0004 and then nothing', 'latin1'), /cannot be read/],
])('%s is refused', async (name, content, message) => {
  await expect(openTable(await written(name, content))).rejects.toThrow(message)
})

test('a file that is not there is named', async () => {
  await expect(openTable(join(folder, 'nowhere.csv'))).rejects.toThrow(/nowhere.csv cannot be read: ENOENT/)
})

test('a quote that never ends is an error that names the file, not the end of it', async () => {
  const table = await openTable(await written('open.csv', 'a,b\n1,"2\n3,4\n'))
  await expect(collect(table.rows)).rejects.toThrow(/open.csv: Quote Not Closed/)
})
