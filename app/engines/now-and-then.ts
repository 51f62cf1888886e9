const quietMs = 10_000

/** Tells of a trouble that may come again and again every ten seconds at most, with how many there were meanwhile. */
export const nowAndThen = (tell: (error: unknown, times: number) => void): ((error: unknown) => void) => {
  let toldAt = -Infinity
  let times = 0
  return (error) => {
    times++
    if (performance.now() - toldAt < quietMs) return
    toldAt = performance.now()
    tell(error, times)
    times = 0
  }
}
