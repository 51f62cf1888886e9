import { expect, test } from 'vitest'
import { mergedMetrics } from './merged-metrics.ts'
import { createMetrics } from './metrics.ts'

test('what happened is counted under patterns and types', async () => {
  const metrics = createMetrics('main')
  metrics.httpRequest('POST', '/v1/payments/:id/captures', 201, 0.004)
  metrics.appended(['PaymentCaptureRequested', 'PaymentCaptured'])
  metrics.appended(['PaymentCaptured'])
  metrics.called('gateway', 'capture', 0.2)
  metrics.cacheLookup('status', 'redis', 'miss')
  metrics.cacheUnavailable('merchant')
  const text = await mergedMetrics(metrics.registry, [])
  expect(text).toContain('daybook_events_appended_total{type="PaymentCaptured",process="main"} 2')
  expect(text).toContain('daybook_cache_lookups_total{kind="status",tier="redis",result="miss",process="main"} 1')
  expect(text).toContain('daybook_cache_unavailable_total{kind="merchant",process="main"} 1')
  expect(text).toMatch(/daybook_call_duration_seconds_sum\{of="gateway",call="capture",.*\} 0\.2/)
  expect(text).toMatch(
    /http_request_duration_seconds_count\{method="POST",route="\/v1\/payments\/:id\/captures",status="201",.*\} 1/,
  )
})

test('figures of two processes stand side by side, told apart by their process', async () => {
  const main = createMetrics('main')
  const projections = createMetrics('projections')
  projections.projectionLag(3, 17, 0.5)
  projections.projectionParked(3, 'payments', 2)
  const sent: unknown = JSON.parse(JSON.stringify(await projections.registry.getMetricsAsJSON()))
  const text = await mergedMetrics(main.registry, [sent as never])
  expect(text).toContain('daybook_projection_lag_events{shard="3",process="projections"} 17')
  expect(text).toContain('daybook_projection_parked_streams{shard="3",projection="payments",process="projections"} 2')
  expect(text).toMatch(/process_resident_memory_bytes\{process="main"\} \d+/)
  expect(text).toMatch(/process_resident_memory_bytes\{process="projections"\} \d+/)
})
