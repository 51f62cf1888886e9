import type { Kind, Method, Outcome, RecordKind, Where } from './difference.ts'

/** What is to be repaired, and how. */
export type Order = {
  readonly where: Where
  readonly kind: Kind
  readonly record: RecordKind
  readonly part: string
  readonly subject: string
  readonly log: number
  readonly sequence: number
  readonly revision?: number
  readonly key?: string
  readonly how: Method
  readonly by: string
  readonly reason: string
}

type Command<Type extends string, Data> = { readonly type: Type; readonly repairId: string } & Readonly<Data>

export type OrderRepair = Command<'orderRepair', Order>
export type RecordRepair = Command<'recordRepair', { outcome: Outcome }>

export type RepairCommand = OrderRepair | RecordRepair
