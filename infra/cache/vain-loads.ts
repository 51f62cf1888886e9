/** How often the source may be asked in vain. */
export type VainLoads = {
  /** Whether it has been asked in vain so often that nobody may ask now. */
  areTooMany(): boolean
  count(): void
}

/** Lets `most` loads be in vain in each second. Times are milliseconds of `now`. */
export const vainLoads = (most: number, now: () => number = () => performance.now()): VainLoads => {
  let since = -Infinity
  let counted = 0
  const current = (): number => {
    if (now() - since >= 1_000) {
      since = now()
      counted = 0
    }
    return counted
  }
  return {
    areTooMany: () => current() >= most,
    count: () => {
      counted = current() + 1
    },
  }
}
