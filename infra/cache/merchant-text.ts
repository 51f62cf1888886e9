import type { MerchantDetails } from '../../domain/merchant/details.ts'
import type { Source } from './cached-over.ts'

type Written = Omit<MerchantDetails, 'keys'> & {
  /** Changes with what is written: a program that does not know it reads nothing. */
  readonly form: 1
  readonly keys: readonly (readonly [string, NonNullable<ReturnType<MerchantDetails['keys']['get']>>])[]
}

/** Merchants' details as instances write them down for each other. */
export const merchantText: Pick<Source<MerchantDetails>, 'read' | 'write'> = {
  write: (details) => JSON.stringify({ ...details, form: 1, keys: [...details.keys] } satisfies Written),
  read: (text) => {
    const { form, keys, ...details }: Written = JSON.parse(text)
    return form === 1 ? { ...details, keys: new Map(keys) } : undefined
  },
}
