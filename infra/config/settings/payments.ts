import { count, milliseconds, optional, whole } from './kinds.ts'

export const payments = {
  GATEWAY_TIMEOUT: optional(
    milliseconds('How long a gateway may take before the outcome counts as unknown, in milliseconds'),
  ),
  GATEWAY_MAX_CONCURRENT: count('How many calls to one gateway may be under way at once', 512),
  SANDBOX_LATENCY: whole(0, 60_000, 'What the sandbox gateway takes for each call, in milliseconds', 0),
  AUTHORIZATION_TTL_SECONDS: count('How long an authorization stands before it lapses, in seconds', 604_800),
  RESOLVE_INTERVAL: milliseconds(
    'How often unresolved outcomes, lapsed authorizations and open payouts are looked for, in milliseconds',
    1_000,
  ),
  SETTLEMENT_INTERVAL: whole(0, 2_147_483_647, 'How often settlement runs by itself, in milliseconds; 0 for never', 0),
}
