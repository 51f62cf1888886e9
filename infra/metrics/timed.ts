type Call = (...args: never[]) => Promise<unknown>

/** The port, with each call of the named methods told when it has ended, in whatever way, and how long that took. */
export const timed = <T extends object, N extends keyof T & string>(
  port: T & Readonly<Record<N, Call>>,
  names: readonly N[],
  tell: (call: N, seconds: number) => void,
): T => {
  const timedCall =
    (name: N): Call =>
    async (...args) => {
      const begun = performance.now()
      try {
        return await port[name](...args)
      } finally {
        tell(name, (performance.now() - begun) / 1_000)
      }
    }
  return { ...port, ...Object.fromEntries(names.map((name) => [name, timedCall(name)])) }
}
