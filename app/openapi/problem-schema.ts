import Type from 'typebox'
import { DeclineSchema } from '../../domain/payment/resource-schema.ts'

/** Everything that is refused or goes wrong is answered like this (RFC 9457). */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is explained', examples: ['/docs/problems#insufficientFunds'] }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'For people; may change' }),
    code: Type.String({ description: 'Stable; switch on this' }),
    errors: Type.Array(
      Type.Object({
        pointer: Type.String({
          description: 'A JSON pointer into the body, `?name` for a query parameter, or the name of a header',
        }),
        detail: Type.String(),
      }),
    ),
    traceId: Type.String({ description: 'Helps to find the request in the logs' }),
    decline: Type.Optional(DeclineSchema),
  },
  { additionalProperties: true },
)
