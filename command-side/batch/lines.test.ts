import { expect, test } from 'vitest'
import { type Line, linesOf } from './lines.ts'

const read = async (chunks: readonly (string | Buffer)[], maxLineBytes = 100): Promise<Line[]> => {
  const lines: Line[] = []
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  for await (const some of linesOf(body(), maxLineBytes)) lines.push(...some)
  return lines
}
const text = (line: string): Line => ({ type: 'text', text: line })

test('however the bytes arrive', async () => {
  const whole = 'one\ntwo €\n\n  \nthree'
  const expected = [text('one'), text('two €'), text('three')]
  expect(await read([whole])).toEqual(expected)
  expect(await read([...Buffer.from(whole)].map((byte) => Buffer.from([byte])))).toEqual(expected)
  expect(await read(['one\ntw', '', 'o €\n\n  \nth', 'ree\n'])).toEqual(expected)
  expect(await read([])).toEqual([])
  expect(await read(['\n\n'])).toEqual([])
})

test('a line that is too long is told once and does not disturb the next', async () => {
  expect(await read(['12345\n123456\n1234'], 5)).toEqual([text('12345'), { type: 'tooLong' }, text('1234')])
  expect(await read(['123', '456', '789', '0\nab\n', '1234567'], 5)).toEqual([
    { type: 'tooLong' },
    text('ab'),
    { type: 'tooLong' },
  ])
})

test('bytes that are no UTF-8', async () => {
  expect(await read([Buffer.from([0xff, 0x0a]), 'ok'])).toEqual([{ type: 'notUtf8' }, text('ok')])
})
