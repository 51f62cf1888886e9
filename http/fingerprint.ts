import { hash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

const longest = 400
/** Stands for the members of a body that has too many to name. */
const unnamed = '*'

const pairs = Array.from({ length: 36 ** 2 }, (_, number) => number.toString(36).padStart(2, '0'))

/** FNV-1a in six letters: enough to tell which member differs, while the SHA-256 says whether anything does. */
const shortDigest = (text: string): string => {
  let state = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  // The last six digits to base 36, two at a time: `toString(36)` takes longer than all the rest.
  let rest = state >>> 0
  let digits = ''
  for (let pair = 0; pair < 3; pair += 1) {
    digits = `${pairs[rest % pairs.length]}${digits}`
    rest = Math.floor(rest / pairs.length)
  }
  return digits
}

const membersOf = (body: object): [string, string][] =>
  Object.entries(body)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, canonicalJson(value)])

/**
 * What a command was, in a few hundred characters at most: its type, digests of its target and of each member of its
 * body, and the SHA-256 of all of it in canonical form, so that order and white space make no difference. It is stored
 * with events: another form would turn retries of old commands into other commands.
 */
export const fingerprintOf = (type: string, target: string, body: object): string => {
  const members = membersOf(body)
  const whole = members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')
  const digest = hash('sha256', `${type}\n${target}\n{${whole}}`, 'base64url')
  const head = `${type} ${shortDigest(target)} ${digest}`
  const full = members.reduce((line, [name, text]) => `${line} ${name}=${shortDigest(text)}`, head)
  return full.length <= longest ? full : `${head} ${unnamed}`
}

const read = (fingerprint: string) => {
  const [type, target, digest, ...members] = fingerprint.split(' ')
  return { type, target, digest, members: new Map(members.map((member) => splitAtLast(member))) }
}

const splitAtLast = (member: string): [string, string] => {
  const at = member.lastIndexOf('=')
  return at === -1 ? [member, ''] : [member.slice(0, at), member.slice(at + 1)]
}

/**
 * What makes two commands different: `type` alone, or `target` and pointers to members of the body. Empty when they are
 * the same; `['']`, the body, where no member can be named.
 */
export const whatDiffers = (stored: string, given: string): string[] => {
  if (stored === given) return []
  const was = read(stored)
  const is = read(given)
  if (was.type !== is.type) return ['type']
  if (was.digest === is.digest) return []
  if (was.members.has(unnamed) || is.members.has(unnamed)) return ['']
  const names = [...new Set([...was.members.keys(), ...is.members.keys()])].sort()
  const members = names.filter((name) => was.members.get(name) !== is.members.get(name)).map((name) => `/${name}`)
  const found = was.target === is.target ? members : ['target', ...members]
  return found.length === 0 ? [''] : found
}
