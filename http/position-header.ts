/** The global position that an answer speaks of: what a write reached, or what a read has seen. */
export const positionHeader = 'Daybook-Position'

/** `true` on an answer that was given before, for the same Idempotency-Key. */
export const replayedHeader = 'Idempotency-Replayed'
