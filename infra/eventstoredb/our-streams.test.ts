import { expect, test } from 'vitest'
import { eventTypes, streamKind } from '../../domain/event-types.ts'
import { ourStreams } from './recorded.ts'

test('every kind of stream is taken for ours, so that who follows the store sees it', () => {
  expect(new Set(ourStreams)).toEqual(new Set(eventTypes.map((type) => `${streamKind(type)}-`)))
})
