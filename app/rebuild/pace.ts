/** How fast something goes: so many a second, and the seconds that are left; undefined while nothing is known. */
export type Pace = { readonly perSecond: number; readonly secondsLeft: number | undefined }

type Moment = { readonly atMs: number; readonly done: number }

/** Long enough that one slow piece does not make the rate jump. */
const windowMs = 10_000

/** Measures over the last seconds, by what was done at each moment. */
export const paceOf = (now: () => number = () => performance.now()): ((done: number, total: number) => Pace) => {
  let moments: Moment[] = []
  return (done, total) => {
    const atMs = now()
    moments = [...moments.filter((moment) => atMs - moment.atMs <= windowMs), { atMs, done }]
    const [first] = moments
    const passedMs = atMs - (first?.atMs ?? atMs)
    const perSecond = passedMs === 0 ? 0 : ((done - (first?.done ?? done)) * 1_000) / passedMs
    const left = Math.max(0, total - done)
    return { perSecond, secondsLeft: left === 0 ? 0 : perSecond === 0 ? undefined : left / perSecond }
  }
}
