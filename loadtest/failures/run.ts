import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { failures } from './failures.ts'
import { type Installation, startInstallation } from './installation.ts'
import { openLedger } from './ledger.ts'
import { failUnderLoad } from './round.ts'

// `npm run failures`: each failure so many times, then so many at random; prints how long each took to recover from.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    only: { type: 'string', default: [...failures.map(({ name }) => name), 'random'].join(',') },
    connections: { type: 'string', default: '16' },
    // So that two cores have something left: recovery is measured, not a backlog.
    'pause-ms': { type: 'string', default: '200' },
  },
})
const rounds = Number(values.rounds)
const load = { connections: Number(values.connections), pauseMs: Number(values['pause-ms']) }
const names = values.only.split(',')
const unknown = names.find((name) => name !== 'random' && !failures.some((each) => each.name === name))
if (unknown !== undefined) throw new Error(`there is no failure ${unknown}`)
const merchants = Array.from({ length: 12 }, (_, number) => `shop-${number + 1}`)

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const seconds = (value: number): string => `${value.toFixed(1)} s`
const median = (all: readonly number[]): number => all.toSorted((one, other) => one - other)[all.length >> 1] ?? 0

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

let [done, wrong] = [0, 0]

const failAgainAndAgain = async (on: Installation, name: string): Promise<void> => {
  const keys = await Promise.all(merchants.map((merchant) => on.keyOf(merchant)))
  const ledger = openLedger(on.settings)
  const times: { readonly commands: number; readonly reads: number }[] = []
  try {
    for (let number = 1; number <= rounds && !interrupted.signal.aborted; number++) {
      const chosen = failures.find((each) => each.name === name) ?? failures[randomInt(failures.length)]
      if (chosen === undefined) return
      const round = await failUnderLoad(on, keys, chosen, ledger, load)
      done += 1
      wrong += round.faults.length
      times.push(round)
      say(
        `${name} ${number}/${rounds}${name === 'random' ? ` (${chosen.name})` : ''}: ${round.sent} commands, ` +
          `${round.acknowledged} answered at once, longest silence ${seconds(round.silence)}, commands whole after ` +
          `${seconds(round.commands)}, reads after ${seconds(round.reads)}, ${round.faults.length} faults`,
      )
      for (const fault of round.faults.slice(0, 20)) say(`FAULT ${fault.slice(0, 2_000)}`)
    }
  } finally {
    await ledger.close()
  }
  const [commands, reads] = [times.map((each) => each.commands), times.map((each) => each.reads)]
  say(
    `${name}: commands whole after ${seconds(median(commands))} (at most ${seconds(Math.max(...commands))}), reads after ` +
      `${seconds(median(reads))} (at most ${seconds(Math.max(...reads))})`,
  )
}

for (const name of names) {
  if (interrupted.signal.aborted) break
  say(`== ${name}`)
  const on = await startInstallation(say, (side, said) => say(`${side} ended by itself: ${said.slice(-1_000)}`))
  try {
    await failAgainAndAgain(on, name)
  } finally {
    await on.stop()
  }
}
say(`${done} failures, ${wrong} faults`)
process.exitCode = wrong === 0 && done === rounds * names.length ? 0 : 1
