/** Writes an integer from 0 to 2^53 as eight bytes, big-endian, so that bytes sort as numbers do. */
export const writeInteger = (target: Buffer, value: number, at: number): number => {
  target.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at)
  return target.writeUInt32BE(value >>> 0, at + 4)
}

export const readInteger = (source: Buffer, at: number): number =>
  source.readUInt32BE(at) * 0x1_0000_0000 + source.readUInt32BE(at + 4)
