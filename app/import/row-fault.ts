/** Why one row cannot become a command; the row is refused with this reason and the others go on. */
export class RowFault extends Error {
  override name = 'RowFault'
}
