import { promisify } from 'node:util'
import { gzip as gzipWithCallback, gzipSync } from 'node:zlib'

const deflate = promisify(gzipWithCallback)

/** Smaller answers are not worth it, in bytes. */
export const gzipThreshold = 1_024

const options = { level: 6 }
/** Up to here handing it to another thread and back takes this one longer than doing it. In characters or bytes. */
const longestAtOnce = 128 * 1_024

export const gzip = async (body: string | Uint8Array): Promise<Buffer> =>
  body.length <= longestAtOnce ? gzipSync(body, options) : deflate(body, options)

/** Whether an Accept-Encoding header takes gzip. */
export const acceptsGzip = (header: string | undefined): boolean => {
  if (header === undefined) return false
  const weights = new Map(
    header.split(',').map((item) => {
      const [coding = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return [coding, weight === undefined ? 1 : Number(weight.slice(2))]
    }),
  )
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0
}
