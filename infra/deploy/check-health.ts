// For health checks of containers, whose image has no curl: `node check-health.js PORT…` ends with 0 if /health on the
// first of the ports that anybody listens on answers 200, else with 1.

const timeoutMs = 4_000

const statusOn = (port: string): Promise<number | undefined> =>
  fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(timeoutMs) }).then(
    ({ status }) => status,
    (error: unknown) =>
      // Nobody listens: `fetch` tells that by its cause alone. Whoever listens and says nothing is not well.
      error instanceof Error &&
      error.cause instanceof Error &&
      'code' in error.cause &&
      error.cause.code === 'ECONNREFUSED'
        ? undefined
        : 0,
  )

let status: number | undefined
for (const port of process.argv.slice(2)) {
  status = await statusOn(port)
  if (status !== undefined) break
}
process.exit(status === 200 ? 0 : 1)
