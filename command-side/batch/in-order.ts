/** Texts that become ready in any order, written in the order in which their places were taken. */
export type InOrder = {
  /** Takes the next place; the function it gives fills it, once. */
  place(): (text: string) => void
  /** How many places are taken and not written yet. */
  open(): number
}

/** `write` gets together what became ready in one turn of the event loop. */
export const inOrder = (write: (texts: string) => void): InOrder => {
  const places: { text?: string }[] = []
  let scheduled = false

  const flush = (): void => {
    scheduled = false
    const gap = places.findIndex(({ text }) => text === undefined)
    const ready = places.splice(0, gap === -1 ? places.length : gap)
    write(ready.map(({ text }) => text).join(''))
  }

  return {
    place: () => {
      const place: { text?: string } = {}
      places.push(place)
      return (text) => {
        place.text = text
        if (scheduled || places[0] !== place) return
        scheduled = true
        setImmediate(flush)
      }
    },
    open: () => places.length,
  }
}
