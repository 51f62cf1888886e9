import { promisify } from 'node:util'
import { gzip as gzipWithCallback } from 'node:zlib'

const deflate = promisify(gzipWithCallback)

/** Smaller answers are not worth it, in bytes. */
export const gzipThreshold = 1_024

export const gzip = (body: string | Uint8Array): Promise<Buffer> => deflate(body, { level: 6 })

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
