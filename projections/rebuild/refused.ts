/** What was asked for does not fit what is there; the message says why. Nothing was changed. */
export class RebuildRefused extends Error {
  override name = 'RebuildRefused'
}

/** The copy has not come up to the live one yet; the projections are bringing it there, where they run. */
export class CopyBehind extends RebuildRefused {
  override name = 'CopyBehind'
}
