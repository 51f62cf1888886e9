import { isIPv6 } from 'node:net'
import type { Host } from '../host.ts'

const pattern = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/

const hostOf = (text: string, defaultPort: number): Host => {
  const [, bracketed, plain, digits] = pattern.exec(text) ?? []
  const host = bracketed !== undefined && isIPv6(bracketed) ? bracketed : plain
  const port = digits === undefined ? defaultPort : Number(digits)
  if (host === undefined || port < 1 || port > 65_535) throw new RangeError(`"${text}" is no host[:port]`)
  return { host, port }
}

/** A host as it stands in a list or a URL. */
export const hostText = ({ host, port }: Host): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** `host[:port]` with commas between, IPv6 addresses in brackets. Throws a `RangeError` that says which is wrong. */
export const hostList = (text: string, defaultPort: number): readonly Host[] => {
  const hosts = text.split(',').map((each) => hostOf(each.trim(), defaultPort))
  const seen = new Set<string>()
  for (const host of hosts.map(hostText)) {
    if (seen.has(host)) throw new RangeError(`${host} is there twice`)
    seen.add(host)
  }
  return hosts
}
