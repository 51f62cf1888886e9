/** For one projector and some readers on a small machine. Everything here can be rebuilt from the log. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and rows hold personal data; the log is not the place for it.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_buffers: '16MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  autovacuum_max_workers: '2',
  jit: 'off',
} as const

/** Settings of a server by name, which go before our own. */
export type ServerOptions = Readonly<Record<string, string>>

/** The command line of a server on a data folder and a port. */
export const serverArguments = (folder: string, port: number, options: ServerOptions = {}): string[] => [
  '-D',
  folder,
  '-p',
  String(port),
  ...Object.entries({ ...settings, ...options }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]
