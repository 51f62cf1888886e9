import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether `openssl` is on this machine, without which there are no certificates. */
export const isOpensslHere = await run('openssl', ['version']).then(
  () => true,
  () => false,
)

/** The certificate and the key of a server in PEM form, as files and as text. */
export type Certificate = {
  readonly certPath: string
  readonly keyPath: string
  readonly cert: string
  readonly key: string
}

/** Somebody who signs certificates, and nobody trusts who was not told to. */
export type Authority = {
  /** The PEM file to trust. */
  readonly caPath: string
  /** Makes a certificate for 127.0.0.1, by its number alone: by the name `localhost` it is another host's. */
  certify(): Promise<Certificate>
  /** Removes the files. */
  remove(): Promise<void>
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes an authority in a temporary folder. */
export const makeAuthority = async (): Promise<Authority> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-certificates-'))
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder })
  const authority = ['-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=a test']
  await openssl('req', ...authority)
  return {
    caPath: file('ca.pem'),
    certify: async () => {
      await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1\n')
      await openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=a server')
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
      await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed)
      const [certPath, keyPath] = [file('server.pem'), file('server.key')]
      return { certPath, keyPath, cert: await readFile(certPath, 'utf8'), key: await readFile(keyPath, 'utf8') }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
