/**
 * Brings together what was acknowledged and what is there, each once. Both come in nearly the same order, so only what
 * is out of order is in memory, and what was refused, however long the lists are.
 */
export type Matching = {
  /** A command was accepted, and this is to be there. */
  acknowledged(id: string): void
  /** A command was not accepted; this may be there or not. */
  open(id: string): void
  /** This is there. */
  found(id: string): void
  /** What was acknowledged and is not there yet, less what is there and was not acknowledged yet. */
  missing(): number
  /** What is wrong, once everything was told. */
  faults(): string[]
}

const told = 20

const some = (ids: Iterable<string>, count: number, what: string): string[] => {
  const names: string[] = []
  for (const id of ids) {
    if (names.length === told) break
    names.push(`${id} ${what}`)
  }
  return count > told ? [...names, `… ${count} in all: ${what}`] : names
}

export const createMatching = (): Matching => {
  const acknowledged = new Set<string>()
  const open = new Set<string>()
  const found = new Set<string>()
  const doubled = new Map<string, string>()
  return {
    acknowledged: (id) => {
      if (found.delete(id)) return
      if (acknowledged.has(id)) doubled.set(id, 'was acknowledged to two commands')
      acknowledged.add(id)
    },
    open: (id) => open.add(id),
    found: (id) => {
      if (acknowledged.delete(id)) return
      if (found.has(id)) doubled.set(id, 'is there twice')
      found.add(id)
    },
    missing: () => acknowledged.size - found.size,
    faults: () => {
      // What is there twice far apart has lost its acknowledgement to the first, so it is among these too.
      const strange = [...found].filter((id) => !open.has(id))
      return [
        ...[...doubled].slice(0, told).map(([id, what]) => `${id} ${what}`),
        ...some(acknowledged, acknowledged.size, 'was acknowledged and is missing'),
        ...some(strange, strange.length, 'is there, but no command of the load still has to account for it'),
      ]
    },
  }
}
