import { shownResource } from '../../domain/personal.ts'
import { resourceMembers } from '../../domain/personal-members.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import { json } from '../../http/json.ts'
import type { Answer } from '../answer.ts'
import type { Recorded } from './change-payout.ts'

/**
 * The answer to the call whose last event this is. Made of what is in the log alone, so it is the same at every replay, but
 * for what was forgotten meanwhile.
 */
export const answerOf = ({ payout, position }: Recorded, status: 200 | 201, replayed: boolean): Answer => ({
  kind: 'resource',
  status,
  body: json(shownResource(payoutResource(payout), resourceMembers.payout)),
  id: payout.id,
  revision: payout.revision,
  position,
  replayed,
})
