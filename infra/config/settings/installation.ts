import { oneOf, port, secret, text, whole } from './kinds.ts'

export const installation = {
  DAYBOOK_PROFILE: oneOf(['embedded', 'cluster'], 'Sets the defaults of the four engines below', 'embedded'),
  NODE_ENV: oneOf(
    ['production', 'development', 'test'],
    'production waits longer for gateways, limits requests and has no demo merchant',
    'development',
  ),
  DAYBOOK_DATA: text('The folder of the log, of the PostgreSQL that Daybook starts and of its own secret', '.daybook'),
  HOST: text('The address to listen on', '127.0.0.1'),
  PORT: port('Where commands and queries are served; 0 for a free port', 3000),
  METRICS_PORT: port('Where Prometheus finds the metrics; 0 for a free port', 9090),
  WORKERS: whole(1, 64, 'How many processes of `start` answer requests on PORT; 1 for the main process itself', 1),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'The least important lines that are written',
    'info',
  ),
  JWT_SECRET: secret(
    'Signs tokens (HS256), 32 characters or more; absent: one in DAYBOOK_DATA. Required with DAYBOOK_PROFILE=cluster',
    32,
  ),
}
