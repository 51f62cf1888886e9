import Type from 'typebox'
import { count, milliseconds, optional, secret, text } from './kinds.ts'

export const proof = {
  LEDGER_NAME: Type.String({
    pattern: '^[A-Za-z0-9._/-]{1,100}$',
    description: 'Whose checkpoints these are: the name that keys sign under',
    default: 'daybook',
  }),
  SIGNING_KEY: secret(
    'Signs checkpoints: a private key for Ed25519 in PEM; absent: one in DAYBOOK_DATA. Required for a notary with EVENT_STORE=eventstoredb',
  ),
  PREVIOUS_SIGNING_KEY: secret('The key that SIGNING_KEY takes the place of; needed until it has said so once'),
  CHECKPOINT_FILE: optional(text('Where checkpoints are added; absent: checkpoints.ndjson in DAYBOOK_DATA')),
  CHECKPOINT_EVENTS: count('After so many events there is a checkpoint', 100_000),
  CHECKPOINT_INTERVAL: milliseconds('After so long there is one if there were any events', 60_000),
  CHECKPOINT_COMMAND: optional(
    text('A shell command that is given each checkpoint on its standard input, to keep it elsewhere'),
  ),
}
