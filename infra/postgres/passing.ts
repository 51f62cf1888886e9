import pg from 'pg'

/**
 * Cancelled, out of resources, shutting down, starting, disconnected, not migrated yet: what in SQLSTATE a later try may
 * not meet.
 */
const passing = /^(08|25|40|53|57|58|XX|3F000|42P01)/

/** Whether a later try may succeed where this error was met. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || passing.test(error.code ?? '')
