import { inspectJson } from './inspect-json.ts'
import { Problem } from './problem.ts'

const deepest = 32
const backslash = 0x5c

/** The 400 for what is no JSON text. */
export const malformedJson = (detail: string): Problem => new Problem(400, 'malformedJson', detail)

const readValue = (text: string): unknown => {
  if (text.trim() === '') throw malformedJson('The body is empty; send a JSON object, {} if there is nothing to say')
  try {
    return JSON.parse(text)
  } catch (error) {
    // The rest of the engine's message repeats what was sent.
    const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    throw malformedJson(offset === undefined ? 'This is not JSON' : `This is not JSON, from character ${offset} on`)
  }
}

const isEscaped = (text: string, at: number): boolean => {
  let before = at
  while (text.charCodeAt(before - 1) === backslash) before -= 1
  return (at - before) % 2 === 1
}

/** How many members the objects of a JSON text have, those with a repeated name included. */
const membersWritten = (text: string): number => {
  let members = 0
  let colon = text.indexOf(':')
  let opening = text.indexOf('"')
  while (colon !== -1) {
    if (opening !== -1 && opening < colon) {
      let closing = text.indexOf('"', opening + 1)
      while (isEscaped(text, closing)) closing = text.indexOf('"', closing + 1)
      opening = text.indexOf('"', closing + 1)
      if (colon < closing) colon = text.indexOf(':', closing + 1)
      continue
    }
    members += 1
    colon = text.indexOf(':', colon + 1)
  }
  return members
}

/** How many members the objects of a value have; refuses what is nested too deeply for those who walk it later. */
const membersRead = (value: unknown, depth = 0): number => {
  if (typeof value !== 'object' || value === null) return 0
  if (depth === deepest) {
    throw new Problem(400, 'invalidRequest', `Objects and lists may be nested ${deepest} deep`)
  }
  let members = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const inner of Object.values(value)) members += membersRead(inner, depth + 1)
  return members
}

// Numbers of 15 digits at most are always exact; escapes can hide names and halves of characters.
const suspicious = /(?:^|[:,[\s])-?(?:[\d.]{16}|[\d.]+[eE])|\\u|__proto__/

/**
 * Reads JSON, and only what every reader would understand alike: 400 `malformedJson` for bad syntax, 400
 * `numberNotExact` where JSON.parse would round, 400 `invalidRequest` for a name given twice, `__proto__`, half a
 * character, or nesting that has no end. Faults are named by their pointers; what was sent is never repeated.
 */
export const parseJson = (text: string): unknown => {
  const value = readValue(text)
  if (membersRead(value) !== membersWritten(text) || suspicious.test(text)) inspectJson(text)
  return value
}
