import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someEvents, someStream } from '../contracts/some-events.ts'
import { prepare } from './append.ts'
import { commit } from './commit.ts'
import { openStore, type Store } from './store.ts'
import { writeGroup } from './write-group.ts'

/** One step of a process: appends a group that ends as the disk likes, only reads, or starts anew. */
type Step = {
  readonly process: 0 | 1 | 2
  readonly does: 'commit' | 'fail' | 'read' | 'restart'
  readonly streams: readonly number[]
}
const steps = fc.array(
  fc.record<Step>({
    process: fc.constantFrom(0, 1, 2),
    does: fc.constantFrom('commit', 'commit', 'commit', 'commit', 'fail', 'read', 'restart'),
    streams: fc.array(fc.nat(39), { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 20, maxLength: 80 },
)

type End = { readonly sequence: number; readonly revision: number }
const endOf = ({ index }: Store, stream: string): End | undefined => {
  const tail = index.tail(stream)
  return tail && { sequence: tail.sequence, revision: tail.revision }
}

test('every process knows where every stream ends, whatever others do and how often it starts', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const path = await mkdtemp(join(tmpdir(), 'daybook-index-'))
      const open = (): Store => openStore({ path, recentStreams: 8 })
      const processes = [open(), open(), open()]
      const names = Array.from({ length: 40 }, someStream)
      const truth = new Map<string, End>()
      let head = 0
      try {
        for (const { process, does, streams } of history) {
          const store = processes[process] ?? open()
          if (does === 'restart') {
            await store.environment.root.close()
            processes[process] = open()
            continue
          }
          if (does === 'read') {
            store.environment.root.resetReadTxn()
            expect(store.index.follow()).toBe(head)
            for (const name of names) expect(endOf(store, name)).toEqual(truth.get(name))
            continue
          }
          const group = [...new Set(streams)].map((number) => {
            const name = names[number] ?? ''
            return prepare(name, truth.get(name)?.revision ?? 'none', someEvents(1 + (number % 3)))
          })
          const written = commit(store.environment, () => {
            const result = writeGroup(store.environment, store.index, group)
            if (does === 'fail') throw new Error('the disk is full')
            return result
          })
          if (does === 'fail') {
            await expect(written).rejects.toThrow('the disk is full')
            continue
          }
          const { results, committed } = await written
          committed()
          for (const [index, result] of results.entries()) {
            if (result.type !== 'appended') throw new Error(`the stream was thought to be at ${result.actual}`)
            head = Number(result.position)
            truth.set(group[index]?.stream ?? '', { sequence: head, revision: result.revision })
          }
        }
        const fresh = open()
        processes.push(fresh)
        expect(fresh.index.follow()).toBe(head)
        for (const name of names) expect(endOf(fresh, name)).toEqual(truth.get(name))
      } finally {
        for (const { environment } of processes) await environment.root.close()
        await rm(path, { recursive: true })
      }
    }),
    { numRuns: 30 },
  )
})
