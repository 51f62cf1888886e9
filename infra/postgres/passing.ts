import pg from 'pg'

/**
 * Cancelled, out of resources, shutting down, starting, disconnected, not migrated yet: what in SQLSTATE a later try may
 * not meet.
 */
const passing = /^(08|25|40|53|57|58|XX|3F000|42P01)/

/** Whether a later try may succeed where this error was met. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || passing.test(error.code ?? '')

/** Disconnected, read only, shutting down, starting. */
const ofTheHost = /^(08|25006|57P)/

/** Whether an error speaks of the host that it came from, which may not be what it was any more. */
export const speaksOfHost = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || ofTheHost.test(error.code ?? '')

/** Also: what the replica applies stood in the way, or it has not got the tables yet. */
const notElsewhere = /^(40|53|58|3F000|42P01)/

/** Whether another host may answer where this error was met. */
export const mayWorkElsewhere = (error: unknown): boolean =>
  speaksOfHost(error) || (error instanceof pg.DatabaseError && notElsewhere.test(error.code ?? ''))

/** Whether the tables that were asked are not there: not yet, or not any more. */
export const isMissing = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && /^(3F000|42P01)$/.test(error.code ?? '')
