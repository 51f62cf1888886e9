/** A host as it stands in a URL that people open on this machine. */
const hostIn = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Where people on this machine reach what listens on `host` and `port`. */
export const urlOf = (host: string, port: number): string => `http://${hostIn(host)}:${port}`
