/** Where something is made from the log, and so can differ from it. */
export const places = ['kafka', 'postgres', 'redis'] as const
export type Where = (typeof places)[number]

/**
 * How a place differs from the log: a record is missing, is there more than once, says something else, or has no event that
 * it could have been made from.
 */
export const kinds = ['lost', 'doubled', 'altered', 'ahead'] as const
export type Kind = (typeof kinds)[number]

/** What a record is: an event in the topic, a row of a table, a cached status. */
export const records = [
  'event',
  'journal',
  'settlement',
  'payment',
  'payout',
  'openPayout',
  'balances',
  'dailyTotals',
  'periodTotals',
  'periodDailyTotals',
  'periodTimes',
  'status',
] as const
export type RecordKind = (typeof records)[number]

/**
 * How a difference is taken away: rows are made again from the log, an event is sent again, a status is dropped and
 * read anew. What a topic has once too often or wrongly stays there; that it is known is all that can be said of it.
 */
export const methods = ['reproject', 'republish', 'acknowledge', 'drop'] as const
export type Method = (typeof methods)[number]

/** What came of a repair: there may have been nothing left to do, or what is there does not take what was to be written. */
export const outcomes = ['made', 'notNeeded', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

/** The way to repair a difference of this kind there. */
export const methodFor = (where: Where, kind: Kind): Method => {
  switch (where) {
    case 'postgres':
      return 'reproject'
    case 'redis':
      return 'drop'
    case 'kafka':
      return kind === 'lost' || kind === 'altered' ? 'republish' : 'acknowledge'
  }
}
