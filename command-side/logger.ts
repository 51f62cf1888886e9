type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Where the command side says what happens beside requests. */
export type Logger = { readonly info: Write; readonly warn: Write; readonly error: Write }
