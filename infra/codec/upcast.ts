import type { DomainEvent } from '../../domain/event.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'

/** `data` as its JSON was, amounts not yet bigints. */
export type StoredData = { [field: string]: unknown }

/** Turns the data of one version into the next. */
type Upcaster = (data: StoredData) => StoredData

/** By type: the upcaster from version 1, then the one from version 2, and so on. */
type Upcasters = { readonly [T in DomainEvent['type']]?: readonly Upcaster[] }

export type Upcasting = {
  /** The version that `data` of this type has today, from 1. */
  readonly currentVersion: (type: string) => number
  /** Brings `data` of any version so far to today's. Throws `UnreadableEvent` for one that is yet to be invented. */
  readonly upcast: (type: string, version: number, data: StoredData) => StoredData
}

export const notKnown = (type: string, version: number): UnreadableEvent =>
  new UnreadableEvent(`an event of type ${type}, version ${version}, is not known to this version`)

export const upcastingWith = (upcasters: Upcasters): Upcasting => {
  const steps: ReadonlyMap<string, readonly Upcaster[]> = new Map(Object.entries(upcasters))
  const currentVersion = (type: string): number => (steps.get(type)?.length ?? 0) + 1
  return {
    currentVersion,
    upcast: (type, version, data) => {
      const current = currentVersion(type)
      if (version === current) return data
      if (!(version >= 1 && version < current)) throw notKnown(type, version)
      return (steps.get(type) ?? []).slice(version - 1).reduce((older, step) => step(older), data)
    },
  }
}

/** Every type is at its first version. */
export const { currentVersion, upcast } = upcastingWith({})
