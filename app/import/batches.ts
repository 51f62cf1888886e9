/** Groups what comes into arrays of `size`; the last may be shorter. */
export async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[], void, void> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
