import { createServer } from 'node:net'
import { PostgresError } from './postgres-error.ts'

/** The port itself if nobody listens on it, any free one for 0; throws `PostgresError` if it is taken or not allowed. */
export const freePort = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new PostgresError(
          error.code === 'EADDRINUSE'
            ? `port ${port} is taken: choose another one for PostgreSQL with DB_PORT, or 0 for any`
            : `PostgreSQL cannot listen on port ${port}: ${error.message}`,
        ),
      )
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
