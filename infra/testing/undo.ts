type Step = () => Promise<unknown>

/** Steps that undo what was begun. */
export type Undo = {
  add(step: Step): void
  /** Takes all of them, the last one first, whatever fails; then throws an `AggregateError` of what did. */
  all(): Promise<void>
}

export const undoing = (): Undo => {
  const steps: Step[] = []
  return {
    add: (step) => void steps.push(step),
    all: async () => {
      const failures: unknown[] = []
      for (let step = steps.pop(); step; step = steps.pop())
        await step().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'))
    },
  }
}
