import { expect, test } from 'vitest'
import { samplesIn } from './metrics-text.ts'
import { hitsOf } from './status-reads.ts'
import { timeOfCommands } from './time-of-commands.ts'

const requests = (method: string, count: number, sum: number): string => `
# HELP daybook_http_request_duration_seconds Answered requests
daybook_http_request_duration_seconds_sum{method="${method}",route="/v1/payments/:id/captures",status="201"} ${sum}
daybook_http_request_duration_seconds_count{method="${method}",route="/v1/payments/:id/captures",status="201"} ${count}`
const calls = (of: string, call: string, count: number, sum: number): string => `
daybook_call_duration_seconds_sum{of="${of}",call="${call}",process="command-side"} ${sum}
daybook_call_duration_seconds_count{of="${of}",call="${call}",process="command-side"} ${count}`

test('the time of commands is told by what they waited for, and what is left', () => {
  const before = samplesIn(requests('POST', 10, 1) + calls('eventStore', 'append', 20, 0.5))
  const after = samplesIn(
    requests('POST', 110, 3) +
      requests('GET', 50, 70) +
      calls('eventStore', 'append', 220, 1.5) +
      calls('gateway', 'authorize', 50, 0.5) +
      calls('gateway', 'lookup', 0, 0),
  )
  const { totalMs, parts, besidesMs } = timeOfCommands(before, after)
  expect(totalMs).toBeCloseTo(20)
  expect(parts).toEqual([
    { name: 'eventStore append', perCommand: 2, ms: expect.closeTo(5) },
    { name: 'gateway authorize', perCommand: 0.5, ms: expect.closeTo(10) },
  ])
  expect(besidesMs).toBeCloseTo(5)
})

test('what no cache had counts against the hits of all tiers', () => {
  const lookups = (tier: string, result: string, count: number): string =>
    `daybook_cache_lookups_total{kind="status",tier="${tier}",result="${result}",process="query-side"} ${count}\n`
  const after = samplesIn(
    lookups('process', 'hit', 50) +
      lookups('process', 'miss', 50) +
      lookups('redis', 'hit', 40) +
      lookups('redis', 'miss', 10) +
      'daybook_cache_lookups_total{kind="merchant",tier="process",result="miss"} 1000\n',
  )
  expect(hitsOf([], after)).toEqual({
    hitRate: 0.9,
    tiers: [
      { tier: 'process', hits: 50, misses: 50 },
      { tier: 'redis', hits: 40, misses: 10 },
    ],
  })
})
