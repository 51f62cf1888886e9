import { setPriority } from 'node:os'

const niceness = 10

/**
 * Has a process, and those that it starts, use the CPU that others leave: what builds read models may wait for a moment,
 * and clients that wait for an answer should not wait for it. Where the system does not allow it, all are alike.
 */
export const yieldToOthers = (pid: number): void => {
  try {
    setPriority(pid, niceness)
  } catch {
    // A matter of milliseconds, not of being right.
  }
}
