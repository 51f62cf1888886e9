/** A stored event that this program cannot read: of a type or version it does not know, or not an event at all. */
export class UnreadableEvent extends Error {
  override name = 'UnreadableEvent'
}
