import type { Stretch } from './event-feed.ts'

type Span = Pick<Stretch, 'after' | 'upTo'>

/** Whether what begins after `after` goes on from a run, or repeats some of it: nothing is missing between them. */
export const continues = (run: Span, { after }: Pick<Span, 'after'>): boolean => run.after <= after && after <= run.upTo
