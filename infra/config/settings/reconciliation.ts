import { whole } from './kinds.ts'

const longestMs = 2_147_483_647

export const reconciliation = {
  RECONCILIATION_INTERVAL: whole(
    0,
    longestMs,
    'In so long everything is compared with the log once, in milliseconds; 0 for no reconciler beside `daybook start`',
    3_600_000,
  ),
}
