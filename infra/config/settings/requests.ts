import { count, flag, milliseconds, optional, whole } from './kinds.ts'

export const requests = {
  MAX_IN_FLIGHT: count('How many commands may wait in a process before 503 is answered', 20_000),
  RATE_LIMIT_MAX_REQUESTS: optional(
    whole(0, 1_000_000_000, 'Requests a merchant (or address) may send to one endpoint in a window; 0 for no limit'),
  ),
  RATE_LIMIT_WINDOW: milliseconds('The window of the rate limit, in milliseconds', 60_000),
  REQUIRE_IF_MATCH: flag('Whether commands on an existing resource must carry If-Match (428 without)'),
  MIN_POSITION_TIMEOUT: milliseconds('How long a read waits for minPosition, in milliseconds', 5_000),
}
