import { optional, secret, text } from './kinds.ts'

export const keys = {
  KEYS_DIR: optional(text('The folder of the keys; absent: keys in DAYBOOK_DATA, if KEYS_URL is as well')),
  KEYS_URL: secret(
    'A PostgreSQL database for the keys alone, postgres://user:password@host/database; with EVENT_STORE=eventstoredb this is required of sides, or KEYS_DIR on a disk that they share',
  ),
}
