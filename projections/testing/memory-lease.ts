import type { RelayLease } from '../relay-lease.ts'

/** The lease of one log in memory. */
export type MemoryLease = {
  /** As one relay has it. While it `isCutOff` its calls reject. */
  of(holder: string, isCutOff?: () => boolean): RelayLease
  holder(): string | undefined
  checkpoint(): number
  /** Lets anybody else take it. */
  expire(): void
  /** Goes back to what it was `changes` changes ago, as a lagging replica does. */
  goBack(changes: number): void
}

export const memoryLease = (): MemoryLease => {
  const states: { readonly holder?: string; readonly checkpoint: number }[] = [{ checkpoint: 0 }]
  let expired = false
  const now = () => states.at(-1) ?? { checkpoint: 0 }
  return {
    holder: () => now().holder,
    checkpoint: () => now().checkpoint,
    expire: () => {
      expired = true
    },
    goBack: (changes) => {
      states.splice(Math.max(1, states.length - changes))
    },
    of: (holder, isCutOff = () => false) => {
      const reach = async (): Promise<void> => {
        if (isCutOff()) throw new Error('the lease cannot be reached')
      }
      return {
        take: async () => {
          await reach()
          const { holder: other, checkpoint } = now()
          if (other !== undefined && other !== holder && !expired) return undefined
          expired = false
          states.push({ holder, checkpoint })
          return checkpoint
        },
        keep: async (_, to) => {
          await reach()
          const { holder: other, checkpoint } = now()
          if (other !== holder) return false
          states.push({ holder, checkpoint: Math.max(checkpoint, to) })
          return true
        },
        release: async () => {
          await reach()
          if (now().holder === holder) states.push({ checkpoint: now().checkpoint })
        },
      }
    },
  }
}
