import { readSmallFile } from './small-file.ts'

/** What a client of Node's `tls` takes: `ca` in PEM form, or whom Node trusts. */
export type TlsSettings = { readonly ca?: string }

/** The certificates of a PEM file. Throws a `RangeError` that says what is wrong with it. */
export const readCertificates = (path: string): string => {
  const text = readSmallFile(path)
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new RangeError('has no certificate in PEM form')
  return text
}

/** How to connect by the two settings of an engine: `undefined` without TLS. */
export const tlsOf = (on: boolean, caPath: string | undefined): TlsSettings | undefined => {
  if (!on) return undefined
  return caPath === undefined ? {} : { ca: readCertificates(caPath) }
}
