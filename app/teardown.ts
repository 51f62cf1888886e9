import { within } from '../infra/within.ts'

type Log = { error(fields: Readonly<Record<string, unknown>>, message: string): void }

/** Longer than a PostgreSQL of ours takes to end, and than requests under way are waited for. */
const longestStepMs = 30_000

/** What has to be undone at the end, last things first. */
export type Teardown = {
  add(name: string, undo: () => Promise<unknown>): void
  /** Undoes everything once; a step that fails or hangs is logged and the others are done all the same. */
  run(): Promise<void>
}

export const createTeardown = (log: Log, stepMs = longestStepMs): Teardown => {
  const steps: { readonly name: string; readonly undo: () => Promise<unknown> }[] = []
  return {
    add: (name, undo) => void steps.push({ name, undo }),
    async run() {
      for (let step = steps.pop(); step; step = steps.pop()) {
        const { name, undo } = step
        await within(stepMs, undo, () => new Error(`it still had not after ${stepMs} ms`)).catch((error: unknown) =>
          log.error({ err: error }, `${name} did not stop cleanly`),
        )
      }
    },
  }
}
