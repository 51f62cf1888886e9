import Type from 'typebox'
import { methods } from '../../domain/repair/difference.ts'
import { Text } from '../../domain/text.ts'
import { mostShown } from '../../query-side/internal-reconciliation.ts'

const closed = { additionalProperties: false } as const

/** POST /v1/reconciliation/internal/repairs. */
export const RepairBody = Type.Object(
  {
    differences: Type.Optional(
      Type.Array(Type.String({ pattern: '^dif_[0-9a-f]{32}$' }), {
        minItems: 1,
        maxItems: mostShown,
        description: 'Their ids; all that are shown where absent',
      }),
    ),
    reason: Text(500, { description: 'Why, for the record in the log' }),
  },
  closed,
)

export const RepairsSchema = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          repairId: Type.String(),
          difference: Type.String(),
          repair: Type.Enum([...methods], { description: 'What is done' }),
        },
        closed,
      ),
    ),
  },
  closed,
)
