import Type from 'typebox'

const closed = { additionalProperties: false } as const

/** POST /v1/projections/{projection}/rebuilds. */
export const RebuildBody = Type.Object(
  {
    shard: Type.Optional(Type.Integer({ minimum: 0, maximum: 999, description: 'This shard alone' })),
    to: Type.Optional(
      Type.String({ maxLength: 1100, description: 'Up to this position only, to be looked at; it is not followed' }),
    ),
    maxRate: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Events a second at most' }),
    ),
  },
  closed,
)

/** Bodies of what needs no more said. */
export const EmptyBody = Type.Object({}, closed)

export const RebuildStartSchema = Type.Object(
  {
    projection: Type.String(),
    state: Type.Enum(['building', 'caughtUp', 'stopping'], { description: 'What it does, from now on' }),
  },
  closed,
)

export const SwitchedSchema = Type.Object(
  {
    projection: Type.String(),
    copy: Type.Integer({ minimum: 1, description: 'The copy that is live from now on' }),
    shards: Type.Integer({ minimum: 0, description: 'In so many shards' }),
  },
  closed,
)

export const DroppedSchema = Type.Object(
  { projection: Type.String(), shards: Type.Integer({ minimum: 0, description: 'How many shards had one' }) },
  closed,
)

const text = Type.Union([Type.String(), Type.Null()])

const Example = Type.Object(
  {
    shard: Type.String(),
    key: Type.Record(Type.String(), Type.String(), { description: 'The columns of the primary key' }),
    in: Type.Enum(['live', 'copy', 'both']),
    columns: Type.Array(
      Type.Object({ name: Type.String(), live: text, copy: text }, { ...closed, description: 'One that differs' }),
    ),
  },
  closed,
)

const TableDiff = Type.Object(
  {
    table: Type.String(),
    onlyLive: Type.Integer({ minimum: 0 }),
    onlyCopy: Type.Integer({ minimum: 0 }),
    different: Type.Integer({ minimum: 0 }),
    examples: Type.Array(Example),
    newColumns: Type.Array(Type.String()),
    goneColumns: Type.Array(Type.String()),
  },
  closed,
)

export const DiffSchema = Type.Object(
  {
    compared: Type.Array(Type.Object({ shard: Type.String(), live: Type.String(), copy: Type.String() }, closed), {
      description: 'Where both stood. Not at one position, they have reason to differ',
    }),
    tables: Type.Array(TableDiff),
  },
  closed,
)

const states = ['none', 'building', 'stopped', 'caughtUp'] as const

/** How far the copy of a projection beside the live one is. */
export const RebuildProgressSchema = Type.Object(
  {
    projection: Type.String(),
    state: Type.Enum(states, { description: 'none: there is no copy beside the live one' }),
    running: Type.Boolean({ description: 'Whether a rebuild is at work' }),
    done: Type.Integer({ minimum: 0, description: 'Events that are in the copy' }),
    total: Type.Integer({ minimum: 0, description: 'Events that there are' }),
    eventsPerSecond: Type.Integer({ minimum: 0, description: 'Over the last seconds' }),
    secondsLeft: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'null while nobody can tell' }),
  },
  { additionalProperties: false },
)
