import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sequenceIn, start } from '../../domain/position.ts'
import { same } from '../../domain/same.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { isRead } from '../../projections/unread.ts'
import { createLatencies } from '../latencies.ts'
import { randomFrom } from '../random.ts'
import { growSystem } from '../rebuild/grown-system.ts'
import { foldFor } from './fold.ts'
import { type Question, questionsAbout } from './questions.ts'

// Asks a system with a generated history what was at random positions, one question after the other, says how long the
// answers took, and holds each against a fold of the log up to there.
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    questions: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** A folder to keep, and to go on with; a temporary one where absent. */
    data: { type: 'string' },
  },
})
const data = values.data ?? (await mkdtemp(join(tmpdir(), 'daybook-as-of-check-')))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const { system, operator } = await growSystem(data, Number(values.events), say)

const ask = async ({ path, position }: Question): Promise<unknown> => {
  const response = await fetch(`${system.url}${path}asOf=${position}`, {
    headers: { authorization: `Bearer ${operator}` },
  })
  const body = (await response.json()) as { readonly data?: readonly { readonly pending: number }[] }
  if (response.status === 404) return undefined
  if (response.status !== 200) throw new Error(`${path}asOf=${position}: ${response.status} ${JSON.stringify(body)}`)
  return body.data === undefined ? body : (body.data[0]?.pending ?? 0)
}

const measured = { payment: createLatencies(), balance: createLatencies() }
let wrong = 0
try {
  const log = openEventLog({ path: join(data, 'log'), readOnly: true })
  const head = sequenceIn(await log.head(), 0)
  const questions = questionsAbout(head, Number(values.questions), randomFrom(Number(values.seed)))
  const answers: unknown[] = []
  // Not in the order of the positions, so that neighbours do not warm each other's pages.
  const turn = questions.map((_, index) => (index * 7_919) % questions.length)
  for (const index of new Set([...turn, ...questions.keys()])) {
    const question = questions[index]
    if (question === undefined) continue
    const begunMs = performance.now()
    answers[index] = await ask(question)
    measured[question.kind].record(performance.now() - begunMs)
  }

  const fold = foldFor(questions)
  let next = 0
  const check = (upTo: number): void => {
    for (
      let question = questions[next];
      question !== undefined && question.position <= upTo;
      question = questions[next]
    ) {
      const expected = fold.answer(question)
      if (!same(answers[next], expected)) {
        wrong += 1
        say(
          `${question.path}asOf=${question.position}: ${JSON.stringify(answers[next])}, not ${JSON.stringify(expected)}`,
        )
      }
      next += 1
    }
  }
  const ending = new AbortController()
  for await (const { events } of log.subscribe(start, ending.signal)) {
    for (const event of events) {
      if (isRead(event)) fold.see(event)
      check(event.sequence)
    }
    if (next === questions.length) break
  }
  ending.abort()
  await log.close()
  for (const [kind, latencies] of Object.entries(measured)) {
    const { p50, p99, max } = latencies.percentiles()
    const [half, most, all] = [p50, p99, max].map((ms) => ms.toFixed(1))
    say(
      `${kind} as of then: ${latencies.count()} answers at ${head} events, p50 ${half} ms, p99 ${most} ms, max ${all} ms`,
    )
  }
  say(`${wrong} of ${questions.length} answers differ from a fold`)
} finally {
  await system.stop()
  if (values.data === undefined) await rm(data, { recursive: true, force: true })
}
process.exitCode = wrong === 0 ? 0 : 1
