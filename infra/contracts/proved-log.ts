import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventStore } from '../../command-side/event-store.ts'
import type { NewEvent } from '../../domain/event.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import type { Line } from '../../proof/line.ts'
import type { ProvedLog } from '../../proof/proved-log.ts'
import type { Finding } from '../../proof/statements.ts'
import { verifyLog } from '../../proof/verify-log.ts'
import { toText } from '../codec/event-codec.ts'
import { someEvent, someStream } from './some-events.ts'

/** A log that is empty, as two instances write it and as it is proved. */
export type OpenedProvedLog = {
  readonly stores: readonly [EventStore, EventStore]
  readonly log: ProvedLog
  /** Whether sequences have no holes. */
  readonly dense: boolean
  close(): Promise<void>
}

const verify = async ({ log, dense }: OpenedProvedLog): Promise<{ findings: readonly Finding[]; events: number }> => {
  const findings: Finding[] = []
  const judge = () => ({ next: () => ({}), end: () => undefined })
  const given = { log: 0, lines: log, dense, checkpoints: [], judge, onProgress: () => undefined }
  const { events } = await verifyLog({ ...given, onFinding: (finding) => void findings.push(finding) })
  return { findings, events }
}

/** What every log that is to be proved must do. */
export const describeProvedLog = (name: string, open: () => Promise<OpenedProvedLog>): void => {
  describe(name, () => {
    let opened: OpenedProvedLog
    const log = randomLog(5, 600, ['1', '2'])
    beforeAll(async () => {
      opened = await open()
      for (const [index, event] of log.entries()) {
        const store = opened.stores[index % 3 === 0 ? 0 : 1]
        const result = await store.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event])
        expect(result.type).toBe('appended')
      }
    })
    afterAll(() => opened.close())

    const linesAfter = async (sequence: number, limit: number): Promise<Line[]> => {
      const lines: Line[] = []
      for (let last = sequence; ; ) {
        const some = await opened.log.linesAfter(last, limit)
        expect(some.length).toBeLessThanOrEqual(limit)
        if (some.length === 0) return lines
        lines.push(...some)
        last = some.at(-1)?.sequence ?? last
      }
    }

    test('has all events as lines in their order, in pages of any size', async () => {
      const all = await linesAfter(0, 10_000)
      expect(all.map(({ stream, revision }) => [stream, revision])).toEqual(
        log.map(({ stream, revision }) => [stream, revision]),
      )
      expect(all.map(({ event }) => JSON.parse(event))).toMatchObject(log.map((event) => JSON.parse(toText(event))))
      expect(await linesAfter(0, 7)).toEqual(all)
      expect(await linesAfter(all[99]?.sequence ?? 0, 50)).toEqual(all.slice(100))
    })

    test('has the same lines by stream', async () => {
      const all = await linesAfter(0, 10_000)
      for (const stream of new Set(all.map((line) => line.stream))) {
        const lines = all.filter((line) => line.stream === stream)
        expect(await opened.log.linesOf(stream, 0, 10_000)).toEqual(lines)
        expect(await opened.log.linesOf(stream, 1, 2)).toEqual(lines.slice(1, 3))
      }
      expect(await opened.log.linesOf(someStream(), 0, 10)).toEqual([])
    })

    test('is chained, whoever wrote what comes before', async () => {
      expect(await verify(opened)).toEqual({ findings: [], events: log.length })
    })

    test('stays chained where something is done twice, at different times', async () => {
      const [one, other] = opened.stores
      const stream = someStream()
      const [first, second] = [someEvent('first'), someEvent('second')]
      const resolved = (recordedAt: string): NewEvent => ({
        ...second,
        recordedAt,
        metadata: { merchantId: '1042', cause: 'resolver' },
      })
      await one.append(stream, 'none', [first])
      await one.append(stream, 0, [resolved('2026-01-01T00:00:00.000Z')])
      await other.append(stream, 0, [resolved('2026-01-02T00:00:00.000Z')])
      await other.append(stream, 1, [someEvent('third')])
      await one.append(stream, 2, [someEvent('fourth'), someEvent('fifth')])
      expect(await verify(opened)).toEqual({ findings: [], events: log.length + 5 })
    })
  })
}
