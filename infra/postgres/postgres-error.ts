/** PostgreSQL cannot be started or has died; the message is one line for the person at the terminal. */
export class PostgresError extends Error {
  override name = 'PostgresError'
}
