import { merchantStream } from '../../../domain/event.ts'
import type { Kind, RecordKind } from '../../../domain/repair/difference.ts'
import { everybody } from '../../../projections/periods/add-to-totals.ts'
import { allMerchants, type Difference } from '../../difference.ts'

/** A row of sums that is not what it should be. */
export type WrongRow = { readonly merchant: string; readonly key: string; readonly kind: Kind }

/** So many are told of at once. */
export const mostWrong = 1_000

/** SQL of each row's merchant, what tells it from the merchant's others, and further columns, of what `differing` gives. */
export const wrongRows = (key: readonly string[], rows: string, further: readonly string[] = []): string =>
  `select ${['merchant_id as merchant', `left(concat_ws(' ', ${key.join(', ')}), 200) as key`, 'kind', ...further].join(', ')}
   from (${rows}) wrong order by 1, 2 limit ${mostWrong}`

/** A sum's difference; `log` and `first` of its period, 0 where it has none. */
export const sumDifference = (
  record: RecordKind,
  part: string,
  { merchant, key, kind }: WrongRow,
  log = 0,
  first = 0,
): Difference => ({
  where: 'postgres',
  kind,
  record,
  part,
  stream: merchant === everybody ? allMerchants : merchantStream(merchant),
  log,
  sequence: first,
  key,
})
