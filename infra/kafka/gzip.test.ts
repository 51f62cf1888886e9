import { randomBytes } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import kafkajs, { CompressionTypes } from 'kafkajs'
import { expect, test } from 'vitest'
import { useQuickGzip } from './gzip.ts'

type Codec = {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

useQuickGzip()
const codec = kafkajs.CompressionCodecs[CompressionTypes.GZIP]() as Codec

test.each([0, 1, 300, 16 * 1_024, 16 * 1_024 + 1, 300_000])(
  '%i bytes are what others pack and unpack',
  async (size) => {
    const buffer = randomBytes(size)
    expect(gunzipSync(await codec.compress({ buffer }))).toEqual(buffer)
    expect(await codec.decompress(gzipSync(buffer))).toEqual(buffer)
  },
)

test.each([20, 40_000])('%i bytes that are not packed are refused', async (size) => {
  await expect(codec.decompress(Buffer.alloc(size, 'x'))).rejects.toThrow(/incorrect header check/)
})
