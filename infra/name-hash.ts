const mixed = (bits: number): number => {
  const half = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return whole ^ (whole >>> 16)
}

/** Spreads names evenly over the integers of 52 bits: two sums in the manner of FNV-1a, each mixed at the end. */
export const nameHash = (name: string): number => {
  let high = 0x811c9dc5
  let low = 0x9e3779b9
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x5bd1e995)
  }
  return (mixed(high) >>> 12) * 0x1_0000_0000 + (mixed(low) >>> 0)
}
