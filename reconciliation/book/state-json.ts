import { noSums, type Round, type State, type Sums } from '../state.ts'

/** A digest as JSON holds it: the sum in decimal, which may be more than a double can be. */
type SumsJson = Readonly<Record<string, readonly [expected: number, sum: string, found: number, sum: string]>>
type RoundJson = Omit<Round, 'sums' | 'anew'> & { readonly sums: SumsJson; readonly anew: SumsJson }
export type StateJson = Omit<State, 'sums' | 'round'> & { readonly sums: SumsJson; readonly round?: RoundJson }

const sumsToJson = (sums: Sums): SumsJson =>
  Object.fromEntries(
    [...sums].map(([key, { expected, found }]) => [
      key,
      [expected.count, String(expected.sum), found.count, String(found.sum)] as const,
    ]),
  )

const sumsOfJson = (json: SumsJson): Sums =>
  Object.keys(json).length === 0
    ? noSums
    : new Map(
        Object.entries(json).map(([key, [expected, expectedSum, found, foundSum]]) => [
          key,
          {
            expected: { count: expected, sum: BigInt(expectedSum) },
            found: { count: found, sum: BigInt(foundSum) },
          },
        ]),
      )

export const stateToJson = ({ sums, round, ...state }: State): StateJson => ({
  ...state,
  sums: sumsToJson(sums),
  ...(round === undefined ? {} : { round: { ...round, sums: sumsToJson(round.sums), anew: sumsToJson(round.anew) } }),
})

export const stateOfJson = ({ sums, round, ...state }: StateJson): State => ({
  ...state,
  sums: sumsOfJson(sums),
  ...(round === undefined ? {} : { round: { ...round, sums: sumsOfJson(round.sums), anew: sumsOfJson(round.anew) } }),
})
