/** Round values from 0 up to the first that is not less than `max`, in steps of 1, 2 or 5 times a power of ten. */
export const ticks = (max: number, about: number): number[] => {
  const atLeast = (max > 0 ? max : 1) / about
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const step = ([1, 2, 5].find((factor) => factor * power >= atLeast) ?? 10) * power
  const count = Math.max(1, Math.ceil(max / step - 1e-9))
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** A number as an axis says it: 1200 is `1.2k`, 25000000 is `25m`. */
export const short = (value: number): string => {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}m`
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
