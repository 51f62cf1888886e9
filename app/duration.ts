import { StartError } from './start-error.ts'

const secondsIn = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Seconds in a text such as `90s`, `15m`, `1h` or `30d`. Throws a `StartError` for any other. */
export const secondsOf = (text: string): number => {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) throw new StartError(`“${text}” is no duration: use 90s, 15m, 1h, 30d`)
  return Number(count) * secondsIn[unit as keyof typeof secondsIn]
}
