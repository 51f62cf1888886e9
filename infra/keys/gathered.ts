type Read<T> = (slots: readonly number[]) => Promise<ReadonlyMap<number, T>>

/** Asks once for what is asked for in one turn of the event loop. What is found may have more than one asked for. */
export const gathered = <T>(read: Read<T>): Read<T> => {
  let gathering: { readonly slots: Set<number>; readonly found: Promise<ReadonlyMap<number, T>> } | undefined

  const begin = () => {
    const slots = new Set<number>()
    const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      gathering = undefined
      return read([...slots])
    })
    return { slots, found }
  }

  return (wanted) => {
    gathering ??= begin()
    for (const slot of wanted) gathering.slots.add(slot)
    return gathering.found
  }
}
