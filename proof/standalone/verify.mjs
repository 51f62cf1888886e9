#!/usr/bin/env node
// Verifies an audit bundle of Daybook with nothing but Node: node verify.mjs [FOLDER] [--key NAME+ID+KEY]
//
// The folder is the one that this file is in unless another is named. What is wrong is said line by line, and the exit
// code is 1. It is written from the description of the formats in docs/AUDIT.md and shares no code with Daybook, so that
// one of the two finds where the other is mistaken.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const args = process.argv.slice(2)
const keyAt = args.indexOf('--key')
const wantedKey = keyAt < 0 ? undefined : args.splice(keyAt, 2)[1]
const folder = args[0] ?? dirname(fileURLToPath(import.meta.url))

let findings = 0
const found = (where, what) => {
  findings += 1
  if (findings <= 100) console.log(`FOUND ${where}: ${what}`)
}
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const fileText = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
const linesOf = (text) => text.replace(/\n$/, '').split('\n')
const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// --- The tree of RFC 9162: peaks are its whole subtrees, from the largest to the smallest.

const leaf = (text) => sha256(Buffer.of(0), text)
const node = (left, right) => sha256(Buffer.of(1), left, right)
const grow = (peaks, size, level, hash) => {
  if (size % 2 ** level !== 0) return false
  let peak = { level, hash }
  while (peaks.length > 0 && peaks[peaks.length - 1].level === peak.level) {
    peak = { level: peak.level + 1, hash: node(peaks.pop().hash, peak.hash) }
  }
  peaks.push(peak)
  return true
}
const rootOf = (peaks) => {
  if (peaks.length === 0) return sha256('')
  return peaks.slice(0, -1).reduceRight((right, { hash }) => node(hash, right), peaks[peaks.length - 1].hash)
}

// --- Signed notes, and what they state.

const readKey = (text) => {
  const [, name, id, encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length !== 33 || bytes[0] !== 1 || bytes.toString('base64') !== encoded) return undefined
  const ownId = sha256(`${name}\n`, bytes).subarray(0, 4)
  if (ownId.toString('hex') !== id) return undefined
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }
  return { text, name, id: ownId, key: createPublicKey({ key: jwk, format: 'jwk' }) }
}
const isSigned = (text, line, key) => {
  const [dash, name, encoded, ...rest] = line.split(' ')
  const bytes = Buffer.from(encoded ?? '', 'base64')
  if (dash !== '—' || name !== key.name || rest.length > 0 || bytes.toString('base64') !== encoded) return false
  return bytes.subarray(0, 4).equals(key.id) && verifySignature(null, Buffer.from(text), key.key, bytes.subarray(4))
}
const isBase64Hash = (text) =>
  Buffer.from(text, 'base64').length === 32 && Buffer.from(text, 'base64').toString('base64') === text
const isTime = (text) => /^time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)
const isNumber = (text) => /^(0|[1-9]\d{0,15})$/.test(text)

const readCheckpoints = () => {
  const checkpoints = new Map()
  let [ledger, firstKey, key, previous] = []
  for (const [index, line] of linesOf(fileText('checkpoints.ndjson')).entries()) {
    const fail = (what) => {
      found(`checkpoints.ndjson, line ${index + 1}`, what)
      return { ledger, firstKey, checkpoints }
    }
    const record = parse(line)
    const note = record?.note
    const plain = record?.subtrees === undefined ? { note } : { note, subtrees: record.subtrees }
    if (typeof note !== 'string' || JSON.stringify(plain) !== line) return fail('it is no record')
    const cut = note.indexOf('\n\n')
    const text = note.slice(0, cut + 1)
    const signatures = note.slice(cut + 2)
    if (cut < 0 || !signatures.endsWith('\n')) return fail('it is no signed note')
    const signers = signatures.slice(0, -1).split('\n')
    const fields = text.slice(0, -1).split('\n')

    const isKey = /^[^+\s]+\/keys$/.test(fields[0])
    const log = /^([^+\s]+)\/logs\/(0|[1-9]\d{0,15})$/.exec(fields[0])
    const named = isKey ? fields[0].slice(0, -'/keys'.length) : log?.[1]
    const tail = fields.slice(isKey ? 2 : 4)
    const before = tail[1]?.startsWith('previous ') ? tail[1].slice('previous '.length) : undefined
    if (named === undefined || !isTime(tail[0] ?? '') || tail.length !== (before === undefined ? 1 : 2))
      return fail('it states nothing')
    if (ledger !== undefined && named !== ledger) return fail('it is about another ledger')
    if (before !== previous?.toString('base64')) return fail('it does not follow the line before it')

    if (isKey) {
      const next = readKey(fields[1] ?? '')
      if (next === undefined || record.subtrees !== undefined) return fail('it names no key')
      const due = key === undefined ? [next] : [key, next]
      if (signers.length !== due.length || !due.every((each, at) => isSigned(text, signers[at], each)))
        return fail('it is not signed as it has to be')
      firstKey ??= next.text
      key = next
    } else {
      const [, size, root, sequence] = fields
      if (key === undefined) return fail('no key is named before it')
      if (!isNumber(size) || !isBase64Hash(root) || !sequence?.startsWith('sequence ') || !isNumber(sequence.slice(9)))
        return fail('it states nothing')
      if (signers.length !== 1 || !isSigned(text, signers[0], key))
        return fail('it is not signed with the key of its time')
      const peaks = []
      let covered = 0
      const digits = Number(size).toString(2).split('')
      const levels = digits.flatMap((digit, at) => (digit === '1' ? [digits.length - 1 - at] : []))
      const isWhole = record.subtrees?.length === levels.length && record.subtrees.every(isBase64Hash)
      if (isWhole) {
        for (const [at, level] of levels.entries()) {
          grow(peaks, covered, level, Buffer.from(record.subtrees[at], 'base64'))
          covered += 2 ** level
        }
      }
      if (!isWhole || rootOf(peaks).toString('base64') !== root) return fail('its subtrees do not have its root')
      const ofLog = checkpoints.get(Number(log[2])) ?? []
      const last = ofLog[ofLog.length - 1]
      const checkpoint = { size: Number(size), root, sequence: Number(sequence.slice(9)), time: tail[0].slice(5) }
      if (last !== undefined && (checkpoint.size <= last.size || checkpoint.sequence <= last.sequence))
        return fail('the log did not grow')
      checkpoints.set(Number(log[2]), [...ofLog, checkpoint])
    }
    ledger = named
    previous = sha256(text)
  }
  return { ledger, firstKey, checkpoints }
}

// --- The lines of a log.

const zeros = Buffer.alloc(32)
const chain = (before, { stream, revision }, event) => {
  const name = Buffer.from(stream)
  const numbers = Buffer.alloc(10)
  numbers.writeUInt16BE(name.length, 0)
  numbers.writeBigUInt64BE(BigInt(revision), 2)
  return sha256(before, numbers.subarray(0, 2), name, numbers.subarray(2), event).toString('hex')
}

const verifyLog = async ({ log, from, to, merchantId, events, size, root }, checkpoints) => {
  const signed = new Map(checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]))
  const streams = new Map()
  const peaks = []
  let [count, read, number, last, proof] = [0, 0, 0, 0, undefined]
  // What is left out: between two events of a range nothing may be, nor at its ends where sequences count events.
  let [isDense, hasGap, firstEvent, lastLeaf] = [true, false, -1, 0]
  const input = createReadStream(join(folder, `log-${log}.ndjson`), 'utf8')
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    const wrong = (what) => found(`log-${log}.ndjson, line ${number}`, what)
    const line = parse(text)
    if (line?.skipped !== undefined) {
      const { from: begin, subtrees } = line.skipped
      const plain = { skipped: { from: begin, subtrees: (subtrees ?? []).map(({ level, hash }) => ({ level, hash })) } }
      const isSound =
        JSON.stringify(plain) === text &&
        begin === count &&
        subtrees.length > 0 &&
        subtrees.every(({ level, hash }) => {
          if (!Number.isInteger(level) || level < 0 || level > 52 || !/^[0-9a-f]{64}$/.test(hash)) return false
          if (!grow(peaks, count, level, Buffer.from(hash, 'hex'))) return false
          count += 2 ** level
          return true
        })
      if (!isSound) wrong('it is no stretch that was left out')
      hasGap = true
    } else {
      const { sequence, stream, revision, hash } = line ?? {}
      const head = `{"sequence":${sequence},"stream":${JSON.stringify(stream)},"revision":${revision},"hash":"${hash}","event":`
      if (!text.startsWith(head) || !text.endsWith('}}') || typeof line.event !== 'object') wrong('it is no event')
      else {
        const event = text.slice(head.length, -1)
        const before = streams.get(stream)
        if (sequence <= last) wrong(`it stands after event ${last}`)
        if (sequence < from || sequence > to) wrong('it is outside of what the manifest names')
        if (merchantId !== undefined && line.event.metadata?.merchantId !== merchantId)
          wrong('it is of another merchant')
        const isFirst = revision === 0 && before === undefined
        const isNext = before !== undefined && revision === before.revision + 1
        const expected = isFirst
          ? chain(zeros, line, event)
          : isNext
            ? chain(Buffer.from(before.hash, 'hex'), line, event)
            : hash
        if (expected !== hash || (before !== undefined && revision <= before.revision))
          wrong('it does not follow the event before it in its stream')
        if (merchantId === undefined && hasGap && firstEvent >= 0) wrong('events before it are left out')
        if (before === undefined && revision > 0 && from <= 1) wrong('the beginning of its stream is left out')
        if (before !== undefined && revision > before.revision + 1) wrong('events of its stream before it are left out')
        isDense &&= sequence === count + 1
        hasGap = false
        if (firstEvent < 0) firstEvent = sequence
        lastLeaf = count + 1
        streams.set(stream, { revision, hash })
        last = sequence
      }
      grow(peaks, count, 0, leaf(text))
      count += 1
      read += 1
    }
    const checkpoint = signed.get(count)
    if (checkpoint === undefined) continue
    if (rootOf(peaks).toString('base64') === checkpoint.root && checkpoint.sequence >= last) proof = checkpoint
    else wrong(`what stands up to here is not what was signed at ${checkpoint.time}`)
  }
  if (merchantId === undefined) {
    const file = `log-${log}.ndjson`
    if (firstEvent < 0) found(file, 'all events of its range are left out')
    else if (isDense && firstEvent > Math.max(1, from)) found(file, `events before ${firstEvent} are left out`)
    else if (isDense && lastLeaf < Math.min(to, count)) found(file, `events after ${lastLeaf} are left out`)
  }
  if (proof?.size !== count) found(`log-${log}.ndjson`, 'its end is under no checkpoint')
  if (count !== size || read !== events || rootOf(peaks).toString('hex') !== root)
    found(`log-${log}.ndjson`, 'it does not have what the manifest says')
  console.log(
    `log ${log}: ${merchantId === undefined ? 'all events' : `events of the merchant ${merchantId}`} from ${from} to ${to}: ${read}; ${count - read} others are left out`,
  )
  if (proof !== undefined) console.log(`  as they were signed at ${proof.time}`)
}

// --- The bundle.

const manifestText = fileText('manifest.json')
const { digest, ...manifest } = parse(manifestText) ?? {}
const isManifest =
  manifest.format === 'daybook-audit-bundle/1' &&
  digest === sha256(JSON.stringify(manifest)).toString('hex') &&
  `${JSON.stringify({ ...manifest, digest }, undefined, 2)}\n` === manifestText
if (!isManifest) found('manifest.json', 'it is no manifest')
else {
  const listed = new Map(manifest.files.map((file) => [file.name, file]))
  for (const name of readdirSync(folder))
    if (name !== 'manifest.json' && !listed.has(name)) found(name, 'the manifest does not list it')
  for (const { name, bytes, sha256: expected } of manifest.files) {
    if (!existsSync(join(folder, name))) {
      found(name, 'it is missing')
      continue
    }
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of createReadStream(join(folder, name))) {
      hash.update(chunk)
      length += chunk.length
    }
    if (length !== bytes || hash.digest('hex') !== expected) found(name, 'it is not the file that the manifest lists')
  }
  const { ledger, firstKey, checkpoints } = readCheckpoints()
  if (ledger !== manifest.ledger) found('manifest.json', 'it names another ledger')
  if (wantedKey !== undefined && firstKey !== wantedKey) found('checkpoints.ndjson, line 1', 'the first key is another')
  for (const range of manifest.logs)
    if (existsSync(join(folder, `log-${range.log}.ndjson`))) await verifyLog(range, checkpoints.get(range.log) ?? [])
  console.log(`first key ${firstKey}`)
}
console.log(`${findings} finding${findings === 1 ? '' : 's'}`)
process.exitCode = findings === 0 ? 0 : 1
