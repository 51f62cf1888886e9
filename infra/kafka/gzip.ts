import { promisify } from 'node:util'
import { gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import kafkajs, { CompressionTypes } from 'kafkajs'

/** Up to here a trip to another thread takes more time, and more CPU, than the work itself. */
const largestAtOnce = 16 * 1_024

const compressLater = promisify(gzip)
const decompressLater = promisify(gunzip)

const compress = async ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> =>
  buffer.length > largestAtOnce ? compressLater(buffer) : gzipSync(buffer)

const decompress = async (buffer: Buffer): Promise<Buffer> =>
  buffer.length > largestAtOnce ? decompressLater(buffer) : gunzipSync(buffer)

/**
 * Has kafkajs pack and unpack small batches at once. Where little happens, every record is a batch of its own: thousands of
 * them come in one answer to a consumer that is behind, which would be away for longer than its group waits for it.
 */
export const useQuickGzip = (): void => {
  kafkajs.CompressionCodecs[CompressionTypes.GZIP] = () => ({ compress, decompress })
}
