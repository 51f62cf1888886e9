/** Where a server listens; an IPv6 address is without brackets. */
export type Host = { readonly host: string; readonly port: number }
