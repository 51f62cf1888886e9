import Type, { type Static } from 'typebox'
import { engines } from './settings/engines.ts'
import { eventStore } from './settings/event-store.ts'
import { installation } from './settings/installation.ts'
import { kafka } from './settings/kafka.ts'
import { keys } from './settings/keys.ts'
import { payments } from './settings/payments.ts'
import { postgres } from './settings/postgres.ts'
import { proof } from './settings/proof.ts'
import { reconciliation } from './settings/reconciliation.ts'
import { redis } from './settings/redis.ts'
import { requests } from './settings/requests.ts'

/** Every setting there is for people, by what it is about. */
export const settingGroups = {
  'This installation': installation,
  Engines: engines,
  'EventStoreDB or KurrentDB (EVENT_STORE=eventstoredb)': eventStore,
  'Kafka (FEED=kafka)': kafka,
  'PostgreSQL (DB_PORT, the pool and SHARDS also with READ_MODELS=embedded, the others with READ_MODELS=postgres)':
    postgres,
  'Redis (CACHE=redis)': redis,
  'Gateways, authorizations and settlement': payments,
  Requests: requests,
  'Checkpoints: what can be proved of the log': proof,
  'Keys of personal data': keys,
  'Reconciliation of everything that is made from the log': reconciliation,
} as const

/** Every setting there is, by the name of its environment variable. */
export const Settings = Type.Object({
  ...installation,
  ...engines,
  ...eventStore,
  ...kafka,
  ...postgres,
  ...redis,
  ...payments,
  ...requests,
  ...proof,
  ...keys,
  ...reconciliation,
  /** Set by npm for what it starts, to the name of the script. */
  npm_lifecycle_event: Type.Optional(Type.String()),
})

/** What was set, and the defaults that depend on nothing. */
export type Settings = Readonly<Static<typeof Settings>>
