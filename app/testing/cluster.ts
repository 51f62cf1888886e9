import { setTimeout as sleep } from 'node:timers/promises'
import { type Front, startFront } from './front.ts'
import { type Run, type Settings, run } from './program.ts'

/** One process of a cluster. */
export type Instance = {
  readonly run: Run
  /** Where it answers requests, if it does. */
  readonly url: string
  readonly metricsUrl: string
}

/** An installation of one process a task, so many of each, behind one address. */
export type TestCluster = {
  readonly url: string
  readonly instances: Readonly<Record<Side, readonly Instance[]>>
  stop(): Promise<void>
}

const sides = ['relay', 'projections', 'command-side', 'query-side'] as const
export type Side = (typeof sides)[number]

const find = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? ''

/** Starts one task and waits until it says that it runs; throws with its output if it ends before. */
export const startInstance = async (side: Side, settings: Settings): Promise<Instance> => {
  // With as much room for young objects as the image gives it, and as if npm had started it: so it ends when whoever runs
  // the tests is killed.
  const asUsual = { NODE_OPTIONS: '--max-semi-space-size=64', npm_lifecycle_event: 'test' }
  const program = run(['run', side], { ...asUsual, ...settings })
  let ended = false
  void program.ended.then(() => (ended = true))
  while (!program.stdout().includes('runs.')) {
    if (ended) throw new Error(`${side} did not start:\n${program.stdout()}\n${program.stderr()}`)
    await sleep(20)
  }
  const said = program.stdout()
  return { run: program, url: find(said, /API\s+(\S+)/), metricsUrl: find(said, /Metrics\s+(\S+)/) }
}

/** Waits until an instance is ready. */
export const untilReady = async ({ metricsUrl, run: program }: Instance): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(metricsUrl.replace(/metrics$/, 'ready')).catch(() => undefined)
    if (answer?.status === 200) return
    if (tries > 1_200) throw new Error(`it was not ready within a minute:\n${program.stdout()}\n${program.stderr()}`)
    await sleep(50)
  }
}

/** Longer than a process waits for what it has under way. */
const endTimeoutMs = 30_000

/** Asks it to end, and ends it; resolves to what it had said when it had to be killed. */
export const endInstance = async ({ run: program }: Instance): Promise<string | undefined> => {
  program.child.kill('SIGTERM')
  const ended = program.ended.then(() => true)
  if (await Promise.race([ended, sleep(endTimeoutMs, false, { ref: false })])) return undefined
  program.child.kill('SIGKILL')
  await program.ended
  return `${program.child.spawnargs.join(' ')}\n${program.stdout()}\n${program.stderr()}`
}

/** Starts `count` of each, and a front; resolves when all of them are ready. */
export const startCluster = async (settings: Settings, count: number): Promise<TestCluster> => {
  const started: Instance[] = []
  const startAll = async (side: Side): Promise<readonly Instance[]> => {
    const instances = await Promise.all(Array.from({ length: count }, () => startInstance(side, settings)))
    started.push(...instances)
    return instances
  }
  let front: Front | undefined
  const stop = async (): Promise<void> => {
    await front?.close()
    const late = await Promise.all(started.map(endInstance))
    const said = late.filter((output) => output !== undefined)
    if (said.length > 0) throw new Error(`${said.length} did not end when asked to:\n${said.join('\n')}`)
  }
  try {
    const instances = {
      relay: await startAll('relay'),
      projections: await startAll('projections'),
      'command-side': await startAll('command-side'),
      'query-side': await startAll('query-side'),
    }
    await Promise.all(started.map(untilReady))
    const urls = (side: Side): readonly string[] => instances[side].map(({ url }) => url)
    front = await startFront(urls('command-side'), urls('query-side'))
    return { url: front.url, instances, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
