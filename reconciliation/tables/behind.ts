/** A place has not come to where it was to be compared: it was further a moment ago, and is to be asked again later. */
export class Behind extends Error {
  override name = 'Behind'

  constructor(what: string, seen: number, wanted: number) {
    super(`${what} is at ${seen}, and was to be compared up to ${wanted}`)
  }
}
