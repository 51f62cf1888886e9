/** A value as of its version: a later version has the higher number. */
export type Versioned<T> = { readonly version: number; readonly value: T }
