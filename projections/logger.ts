type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Where the projections say what happens. */
export type Logger = { readonly info: Write; readonly warn: Write; readonly error: Write }
