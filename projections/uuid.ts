/** The UUID in a resource's id (`pay_…`, `po_…`, `st_…`), 32 hex digits without dashes. */
export const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1)
