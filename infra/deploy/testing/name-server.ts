import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server on 127.0.0.1 that knows the given names. */
export type NameServer = {
  readonly port: number
  /** Has a name mean these IPv4 addresses from now on. */
  set(name: string, addresses: readonly string[]): void
  stop(): Promise<void>
}

const headerBytes = 12
const answered = 0x8180
const pointerToQuestion = 0xc00c
const typeA = 1
const classInternet = 1

/** The name asked for, and where the question ends: after the name, its type and its class. */
const questionIn = (packet: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let at = headerBytes
  for (let length = packet.readUInt8(at); length > 0; length = packet.readUInt8(at)) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 5 }
}

const recordOf = (address: string): Buffer => {
  const record = Buffer.alloc(16)
  record.writeUInt16BE(pointerToQuestion, 0)
  record.writeUInt16BE(typeA, 2)
  record.writeUInt16BE(classInternet, 4)
  record.writeUInt32BE(1, 6)
  record.writeUInt16BE(4, 10)
  address.split('.').forEach((part, index) => record.writeUInt8(Number(part), 12 + index))
  return record
}

const answerTo = (packet: Buffer, addresses: readonly string[], end: number): Buffer => {
  const head = Buffer.from(packet.subarray(0, end))
  head.writeUInt16BE(answered, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...addresses.map(recordOf)])
}

/** Starts one on a free port. */
export const startNameServer = async (): Promise<NameServer> => {
  const known = new Map<string, readonly string[]>()
  const socket = createSocket('udp4')
  socket.on('message', (packet, from) => {
    const { name, end } = questionIn(packet)
    socket.send(answerTo(packet, known.get(name) ?? [], end), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    set: (name, addresses) => known.set(name, addresses),
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}
