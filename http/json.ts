import { randomUUID } from 'node:crypto'

const isSafe = (amount: bigint): boolean => amount === BigInt.asIntN(53, amount)

/** JSON with bigints as exact integers, however large. */
export const json = (value: unknown): string => {
  let mark: string | undefined
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'bigint') return inner
    if (isSafe(inner)) return Number(inner)
    // A number would be rounded: its digits go in as text that nothing else can contain, and lose their quotes below.
    mark ??= randomUUID()
    return `${mark}${inner}`
  })
  return mark === undefined ? text : text.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1')
}
