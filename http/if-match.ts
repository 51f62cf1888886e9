import { Problem } from './problem.ts'

/** Whether a resource at this revision is what the client meant. */
export type IfMatch = (revision: number) => boolean

const anyRevision: IfMatch = () => true
const entityTags = /^\s*(?:W\/)?"[^"]*"\s*(?:,\s*(?:W\/)?"[^"]*"\s*)*$/

/**
 * Reads an If-Match header. ETags are the revision in quotes; weak ones never match. Absent: any revision, or 428
 * `preconditionRequired` where one is required. 400 `ifMatchInvalid` for what is no list of ETags.
 */
export const ifMatch = (header: string | undefined, required = false): IfMatch => {
  if (header === undefined) {
    if (required) throw new Problem(428, 'preconditionRequired', 'Send If-Match with the ETag of the revision you saw')
    return anyRevision
  }
  if (header.trim() === '*') return anyRevision
  if (!entityTags.test(header)) {
    throw new Problem(400, 'ifMatchInvalid', 'If-Match must be *, or ETags in quotes such as "3"', {
      errors: [{ pointer: 'If-Match', detail: 'must be *, or ETags in quotes such as "3"' }],
    })
  }
  const tags = new Set(header.match(/(?:W\/)?"[^"]*"/g))
  return (revision) => tags.has(`"${revision}"`)
}

/** The 412 for a resource that has moved on; tells the revision it is at. */
export const preconditionFailed = (revision: number): Problem =>
  new Problem(412, 'preconditionFailed', `The resource is at revision ${revision}`, {
    headers: { ETag: etagOf(revision) },
  })

/** A resource's ETag: its stream's revision. */
export const etagOf = (revision: number): string => `"${revision}"`
