/** What was asked for does not fit what is there; the message says why. Nothing was changed. */
export class RebuildRefused extends Error {
  override name = 'RebuildRefused'
}
