/** A month (UTC) as `2026-11`. */
export type Month = string

const firstOf = (month: Month): Date => new Date(`${month}-01T00:00:00.000Z`)

/** The month so many months after that of a date. */
export const monthAfter = (date: Date, months: number): Month =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)).toISOString().slice(0, 7)

/** When a month begins and when the next one does, as PostgreSQL reads it. */
export const boundsOf = (month: Month): readonly [string, string] => [
  `${month}-01 00:00:00+00`,
  `${monthAfter(firstOf(month), 1)}-01 00:00:00+00`,
]

/** The month of a time in ISO 8601, or of as much of it; undefined for what is none between the years 1000 and 9998. */
export const monthOf = (time: string): Month | undefined => {
  const month = time.slice(0, 7)
  return /^([1-8]\d{3}|9[0-8]\d{2}|99[0-8]\d|999[0-8])-(0[1-9]|1[0-2])$/.test(month) ? month : undefined
}

/** The months of what was recorded when that says, as far as it says so. */
export const monthsIn = (recorded: readonly { readonly recordedAt?: string }[]): ReadonlySet<Month> =>
  new Set(
    [...new Set(recorded.map(({ recordedAt = '' }) => recordedAt.slice(0, 7)))].flatMap(
      (month) => monthOf(month) ?? [],
    ),
  )
