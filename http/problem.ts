/** One fault in a request: where (RFC 6901 pointer into the body, or `?name` for a query parameter) and what. */
export type Fault = { readonly pointer: string; readonly detail: string }

/** An RFC 9457 problem on its way out. Thrown by HTTP edges only; the domain knows none of it. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: readonly Fault[]
  /** Extra members of the problem's body, such as `decline`. */
  readonly members: Readonly<Record<string, unknown>>
  /** Extra headers, such as Retry-After. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    detail: string,
    more: {
      readonly errors?: readonly Fault[]
      readonly members?: Readonly<Record<string, unknown>>
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(`${code}: ${detail}`)
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = more.errors ?? []
    this.members = more.members ?? {}
    this.headers = more.headers ?? {}
  }
}
