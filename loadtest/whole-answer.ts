/** An answer as it came. */
export type WholeAnswer = { readonly status: number; readonly headers: readonly string[]; readonly body: string }

const lengthIn = /\r\ncontent-length: *(\d+)/i

/**
 * The answer that a chunk is, where it is all of one and says its length, as nearly all are; else undefined, and a
 * parser for everything HTTP has has to look. Characters beyond ASCII come as one per byte. Names and values of
 * headers, alternating, are given for 503 alone: nobody asks for others'.
 */
export const wholeAnswer = (chunk: Buffer): WholeAnswer | undefined => {
  const text = chunk.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0 || !text.startsWith('HTTP/1.1 ')) return undefined
  const head = text.slice(0, end)
  const length = lengthIn.exec(head)?.[1]
  if (length === undefined || end + 4 + Number(length) !== text.length) return undefined
  const status = Number(text.slice(9, 12))
  // 1xx are followed by another answer.
  if (!(status >= 200)) return undefined
  const headers =
    status === 503
      ? head
          .split('\r\n')
          .slice(1)
          .flatMap((line) => line.split(/: */, 2))
      : []
  return { status, headers, body: text.slice(end + 4) }
}
