import { ServerCredentials, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js'

/** The one user of a server that is encrypted, and what it shows for itself in PEM form. */
export type Access = {
  readonly user: string
  readonly password: string
  readonly cert: string
  readonly key: string
}

export const encryptedBy = ({ cert, key }: Access): ServerCredentials =>
  ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(cert), private_key: Buffer.from(key) }])

/** Refuses every call that is not the user's, as a server does that has no anonymous access. */
export const admitOnly = ({ user, password }: Access): ServerInterceptor => {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return (_, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            if (metadata.get('authorization')[0] === expected) proceed(metadata)
            else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'the credentials are not valid' })
          },
        }),
    })
}
