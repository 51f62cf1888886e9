const blockBytes = 512 * 1024
let block = Buffer.allocUnsafeSlow(blockBytes)
let used = 0

/**
 * Memory for bytes whose number is known only when they are written: `fill` gets room for `most` and answers how many
 * it has used. Cut out of large blocks, because a block costs lmdb and the garbage collector more than what is in it.
 */
export const carve = (most: number, fill: (room: Buffer) => number): Buffer => {
  if (most > blockBytes / 4) {
    const room = Buffer.allocUnsafeSlow(most)
    return room.subarray(0, fill(room))
  }
  if (used + most > blockBytes) {
    block = Buffer.allocUnsafeSlow(blockBytes)
    used = 0
  }
  const room = block.subarray(used, used + most)
  const length = fill(room)
  used += length
  return room.subarray(0, length)
}
