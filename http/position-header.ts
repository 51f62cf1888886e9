/** The global position that an answer speaks of: what a write reached, or what a read has seen. */
export const positionHeader = 'Daybook-Position'

/** The instant that a read of the past was asked for (ISO 8601, UTC); the position says up to where that is. */
export const asOfHeader = 'Daybook-As-Of'

/** `true` on an answer that was given before, for the same Idempotency-Key. */
export const replayedHeader = 'Idempotency-Replayed'
