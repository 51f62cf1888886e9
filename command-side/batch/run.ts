import { inOrder } from './in-order.ts'
import type { Line } from './lines.ts'

export type Batch = {
  readonly lines: AsyncIterable<readonly Line[]>
  /** Begins a command at once and resolves to its line of the answer; never rejects. */
  readonly begin: (line: Line, index: number) => Promise<string>
  /** The last line of the answer where there are more than `maxCommands`. */
  readonly tooMany: (index: number) => Promise<string>
  /** Resolves once another command may begin; undefined when one may at once. */
  readonly room: () => Promise<void> | undefined
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal
}

export type BatchLimits = {
  readonly maxCommands: number
  /** How many commands of a batch may be begun and not answered. */
  readonly window: number
  /** How much of the answer may wait for a client that does not read; then no more of its lines are taken. */
  readonly maxUnreadBytes: number
}

/** Streams the answers to a batch in the order of its lines, while the lines still come. */
export const runBatch = (batch: Batch, limits: BatchLimits): ReadableStream<Uint8Array> => {
  const { gone } = batch
  const encoder = new TextEncoder()
  let ended = false
  const over = (): boolean => ended || gone.aborted
  let wake = (): void => undefined
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })

  const work = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const answers = inOrder((texts) => {
      if (!over()) controller.enqueue(encoder.encode(texts))
      wake()
    })
    /** What to wait for before the next command. */
    const obstacle = (): Promise<void> | undefined =>
      answers.open() >= limits.window || (controller.desiredSize ?? 0) <= 0 ? change() : batch.room()

    let index = 0
    for await (const lines of batch.lines) {
      for (const line of lines) {
        // What comes after too many is read and dropped, so that the client gets to see the answer.
        if (index > limits.maxCommands) break
        for (let wait = obstacle(); wait !== undefined && !over(); wait = obstacle()) await wait
        if (over()) return
        const text = index < limits.maxCommands ? batch.begin(line, index) : batch.tooMany(index)
        void text.then(answers.place())
        index++
      }
    }
    while (answers.open() > 0 && !over()) await change()
    if (!over()) controller.close()
  }

  const unread = { highWaterMark: limits.maxUnreadBytes, size: (chunk: Uint8Array) => chunk.byteLength }
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        gone.addEventListener('abort', () => wake())
        work(controller).catch((error: unknown) => {
          ended = true
          controller.error(error)
        })
      },
      pull: () => wake(),
      cancel: () => {
        ended = true
        wake()
      },
    },
    unread,
  )
}
