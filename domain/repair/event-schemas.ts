import Type from 'typebox'
import { data, Id, type Schemas } from '../event-schema.ts'
import { Text } from '../text.ts'
import { kinds, methods, outcomes, places, records } from './difference.ts'

const repairId = Id('rep')
const Sequence = Type.Integer({ minimum: 0 })

/** The data of each type of a repair's events, by version. */
export const repairSchemas = {
  /** Somebody has ordered that a place be brought back to what the log says. */
  RepairOrdered: [
    data({
      repairId,
      where: Type.Enum([...places]),
      kind: Type.Enum([...kinds]),
      record: Type.Enum([...records]),
      /** The shard or partition. */
      part: Text(40),
      /** The stream that the record is of, or would be. */
      subject: Text(200),
      log: Sequence,
      /** Of the event that the record was made from; of one without a source what it says of itself. */
      sequence: Sequence,
      /** Of that event in its stream; absent where there is no such event. */
      revision: Type.Optional(Sequence),
      /** Which of several rows of the stream, or of the shard; absent where there is one. */
      key: Type.Optional(Text(200)),
      how: Type.Enum([...methods]),
      /** Who: a role and the id of its key, or the command line. */
      by: Text(200),
      reason: Text(500),
    }),
  ],
  /** It was done, or there was nothing to do any more. */
  RepairMade: [data({ repairId, outcome: Type.Enum([...outcomes]) })],
} as const satisfies Schemas
