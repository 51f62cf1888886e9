import { certificates, flag, milliseconds, optional, secret, text, whole } from './kinds.ts'

export const redis = {
  REDIS_HOST: optional(
    text('host[:port] of the server, or of some nodes of a Cluster with commas between; required with CACHE=redis'),
  ),
  REDIS_PORT: whole(1, 65_535, 'The port of hosts that are named without one', 6379),
  REDIS_CLUSTER_MODE: flag('Whether the hosts are nodes of a Redis Cluster'),
  REDIS_TIMEOUT: milliseconds('How long a call may take before PostgreSQL is asked, in milliseconds', 50),
  REDIS_MAX_RETRIES: whole(
    0,
    20,
    'How often a call that failed is sent again within REDIS_TIMEOUT; what counts requests is not',
    0,
  ),
  REDIS_USERNAME: optional(text('Who we are there; absent: the default user')),
  REDIS_PASSWORD: secret('Our password; required with REDIS_USERNAME'),
  REDIS_TLS: flag('Whether connections are encrypted'),
  REDIS_TLS_CA: certificates("A PEM file of who signs the servers' certificates; absent: those that Node trusts"),
}
