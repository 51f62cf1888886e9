import { kinds, type KindName, type TierName } from './kinds.ts'
import { onceAtATime } from './once-at-a-time.ts'
import { ownTier } from './own-tier.ts'
import type { SharedTier } from './shared-tier.ts'
import { vainLoads } from './vain-loads.ts'
import type { Versioned } from './versioned.ts'

/** What a cache stands on. */
export type Tiers = {
  /** What all instances share; undefined where each instance is alone. */
  readonly shared: SharedTier | undefined
  /** How many entries this process keeps; 10,000 when absent. */
  readonly maxEntries?: number
  readonly onLookup: (kind: KindName, tier: TierName, result: 'hit' | 'miss') => void
  /** The shared tier could not be used in time. */
  readonly onUnavailable: (kind: KindName) => void
}

/** Where entries come from, and how they are written down for other instances. */
export type Source<T> = {
  /** Undefined where there is nothing. */
  load(id: string): Promise<Versioned<T> | undefined>
  write(value: T): string
  /** Undefined for what another version of this program has written. Throws for what nobody has. */
  read(text: string): T | undefined
}

/** One kind of thing, cached. */
export type Cached<T> = {
  /**
   * The entry as of a moment ago, from the nearest tier whose entry is enough; undefined where the source has none. What
   * is not enough in a tier is asked for in the next one, so that whoever refuses something for the lack of it does so
   * by what the source says, as of a second ago at most. Throws `SourceBusy`, and what the source throws.
   */
  get(id: string, isEnough?: (value: T) => boolean): Promise<Versioned<T> | undefined>
  /** What this process remembers and may believe, without a promise; undefined where `get` has to look further. */
  recall(id: string): Versioned<T> | undefined
  /** The latest that this process knows of, however old; for while the source is away. */
  latest(id: string): Versioned<T> | undefined
  /** Tells this process and all others of a newer version. Never rejects. */
  put(id: string, entry: Versioned<T>): Promise<void>
  /** Lets nobody believe what is older than `version`. Never rejects. */
  forgetOlder(id: string, version: number): Promise<void>
  /** The same for this process alone. */
  outdate(id: string, version: number): void
}

/** The source would have to be asked, and has been asked too much of late; nothing is wrong with what was asked for. */
export class SourceBusy extends Error {
  override name = 'SourceBusy'
}

const defaultMaxEntries = 10_000
/** For so long what the source did not have is not asked for again. */
const vainForMs = 1_000
/** People who make names up may not keep the source from others: from then on it is asked for names that are known only. */
const vainASecond = 100
const loadsAtOnce = 256

/** The kind from this process's memory, then from what all instances share, then from its source. */
export const cachedOver = <T>(tiers: Tiers, kindName: KindName, source: Source<T>): Cached<T> => {
  const { shared, maxEntries = defaultMaxEntries, onLookup, onUnavailable } = tiers
  const kind = kinds[kindName]
  const own = ownTier<T>(maxEntries)
  const vain = vainLoads(vainASecond)
  const asked = onceAtATime<'hit' | 'miss' | 'unavailable'>()
  const loads = onceAtATime<void>()
  const told = (tier: TierName, isHit: boolean): void => onLookup(kindName, tier, isHit ? 'hit' : 'miss')

  const readable = (text: string): T | undefined => {
    try {
      return source.read(text)
    } catch {
      return undefined
    }
  }

  /** Whether this process knows more now. */
  const askShared = async (id: string, { get }: SharedTier): Promise<'hit' | 'miss' | 'unavailable'> => {
    const found = await get(kind.keyOf(id))
    if (found === undefined) {
      onUnavailable(kindName)
      return 'unavailable'
    }
    if (found === null) return 'miss'
    if (found.text === '') {
      own.outdate(id, found.version)
      return 'miss'
    }
    const known = own.latest(id)
    if (known !== undefined && known.version > found.version) return 'miss'
    const value = known?.version === found.version ? known.value : readable(found.text)
    if (value === undefined) return 'miss'
    own.put(id, { version: found.version, value }, kind.ownMs)
    return 'hit'
  }

  const share = async (id: string, { version, value }: Versioned<T>): Promise<void> => {
    if (shared === undefined) return
    const done = await shared.put(kind.keyOf(id), { version, text: source.write(value) }, kind.sharedMs)
    if (!done) onUnavailable(kindName)
  }

  const load = async (id: string, forMs: number, isEnough: (value: T) => boolean): Promise<void> => {
    const askedAt = performance.now()
    const found = await source.load(id)
    const isHit = found !== undefined && isEnough(found.value)
    told('source', isHit)
    if (!isHit) vain.count()
    own.putFromSource(id, found, askedAt, forMs)
    // Nobody waits for what only others need.
    if (found !== undefined) void share(id, found)
  }

  return {
    get: async (id, isEnough = () => true) => {
      const remembered = own.fresh(id)
      const isRemembered = remembered !== undefined && isEnough(remembered.value)
      told('process', isRemembered)
      if (isRemembered) return remembered

      let forMs: number = kind.ownMs
      if (shared !== undefined) {
        const result = await asked.run(id, () => askShared(id, shared))
        if (result === 'unavailable') forMs = kind.aloneMs
        const found = own.latest(id)
        const isFound = result === 'hit' && found !== undefined && isEnough(found.value)
        if (result !== 'unavailable') told('redis', isFound)
        if (isFound) return found
      }

      if (own.askedAt(id) > performance.now() - vainForMs) return own.latest(id)
      const mayBeMadeUp = own.latest(id) === undefined && vain.areTooMany()
      if (!loads.isUnderWay(id) && (mayBeMadeUp || loads.underWay() >= loadsAtOnce))
        throw new SourceBusy(`too much of the kind ${kindName} has to be loaded at the same time`)
      await loads.run(id, () => load(id, forMs, isEnough))
      return own.latest(id)
    },
    recall: (id) => {
      const remembered = own.fresh(id)
      // What is not remembered is counted by `get`.
      if (remembered !== undefined) told('process', true)
      return remembered
    },
    latest: (id) => own.latest(id),
    put: async (id, entry) => {
      own.put(id, entry, kind.ownMs)
      await share(id, entry)
    },
    forgetOlder: async (id, version) => {
      own.outdate(id, version)
      if (shared === undefined) return
      if (!(await shared.forgetOlder(kind.keyOf(id), version, kind.sharedMs))) onUnavailable(kindName)
    },
    outdate: (id, version) => own.outdate(id, version),
  }
}
