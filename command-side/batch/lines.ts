import { isUtf8 } from 'node:buffer'

/** A line of the body, or why it cannot be read. */
export type Line =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tooLong' }
  | { readonly type: 'notUtf8' }

const newline = 0x0a
const tooLong: Line = { type: 'tooLong' }

/**
 * Splits a body into its lines as they arrive, those of one chunk together; blank ones are left out. A line longer
 * than `maxLineBytes` is passed over without being kept. The last line needs no line end.
 */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<readonly Line[], void, void> {
  let parts: Uint8Array[] = []
  let size = 0

  const add = (part: Uint8Array): void => {
    size += part.length
    if (size > maxLineBytes) parts = []
    else parts.push(part)
  }
  const take = (): Line[] => {
    const line = size > maxLineBytes ? tooLong : lineOf(Buffer.concat(parts))
    parts = []
    size = 0
    return line === undefined ? [] : [line]
  }

  for await (const chunk of body) {
    const lines: Line[] = []
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end))
      lines.push(...take())
      from = end + 1
    }
    add(chunk.subarray(from))
    if (lines.length > 0) yield lines
  }
  const rest = take()
  if (rest.length > 0) yield rest
}

const lineOf = (bytes: Buffer): Line | undefined => {
  if (!isUtf8(bytes)) return { type: 'notUtf8' }
  const text = bytes.toString()
  return text.trim() === '' ? undefined : { type: 'text', text }
}
