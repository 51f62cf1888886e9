import { secret } from './kinds.ts'

export const eventStore = {
  EVENTSTORE_CONNECTION_STRING: secret(
    'One esdb:// string for each store, in an order that stays; required with EVENT_STORE=eventstoredb',
  ),
}
