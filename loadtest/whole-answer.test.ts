import { expect, test } from 'vitest'
import { wholeAnswer } from './whole-answer.ts'

const answer = (text: string) => wholeAnswer(Buffer.from(text))

test('an answer that is all there', () => {
  expect(answer('HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX: y\r\n\r\n{}')).toEqual({
    status: 201,
    headers: [],
    body: '{}',
  })
  expect(answer('HTTP/1.1 503 No\r\nRetry-After: 1\r\ncontent-length: 0\r\n\r\n')).toEqual({
    status: 503,
    headers: ['Retry-After', '1', 'content-length', '0'],
    body: '',
  })
})

test.each([
  'HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\n{}',
  'HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n{}',
  'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'HTTP/1.1 201 Created\r\nContent-Le',
  'HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n',
  '{}',
])('%j is left to the parser', (text) => expect(answer(text)).toBeUndefined())
