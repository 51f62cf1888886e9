import type { TObject } from 'typebox'
import type { Role } from '../../domain/merchant/role.ts'
import type { SchemaName } from './schemas.ts'

export type HeaderName =
  | 'Allow'
  | 'Daybook-As-Of'
  | 'Daybook-Position'
  | 'ETag'
  | 'Idempotency-Replayed'
  | 'Location'
  | 'RateLimit-Limit'
  | 'RateLimit-Remaining'
  | 'RateLimit-Reset'
  | 'Retry-After'
  | 'WWW-Authenticate'
  | 'traceparent'

export type RequestHeaderName = 'Idempotency-Key' | 'If-Match' | 'If-None-Match'

/** A request header, and whether it must be there. */
export type RequestHeader = { readonly name: RequestHeaderName; readonly required?: boolean }

/** An answer that is no problem. `examples` by what they show. */
export type Answer = {
  readonly status: number
  readonly says: string
  readonly schema?: SchemaName
  readonly mediaType?: string
  readonly headers?: readonly HeaderName[]
  readonly examples?: Readonly<Record<string, unknown>>
}

export type Body = {
  readonly schema: SchemaName
  readonly mediaType?: string
  readonly examples: Readonly<Record<string, unknown>>
}

/** One method of one path, as the document describes it. */
export type Operation = {
  readonly id: string
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As OpenAPI writes it: `/v1/payments/{paymentId}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Whose keys it takes; none for anybody. */
  readonly roles: readonly Role[]
  readonly query?: TObject
  readonly requestHeaders?: readonly RequestHeader[]
  readonly body?: Body
  readonly answers: readonly Answer[]
  /** Codes of the problems it answers with, beside those that every operation may answer with. */
  readonly problems: readonly string[]
}
