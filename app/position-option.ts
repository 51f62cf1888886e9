import { isPosition, type Position, reached } from '../domain/position.ts'
import { StartError } from './start-error.ts'

/** An option of a command that is a position, by its name; nothing where it is absent. Throws a `StartError` that names it. */
export const positionOption = <Name extends string>(
  name: Name,
  text: string | undefined,
): { readonly [name in Name]?: Position } => {
  if (text === undefined) return {}
  if (!isPosition(text)) throw new StartError(`--${name} takes a position, as answers give it: 1234`)
  return { [name]: text } as { readonly [name in Name]?: Position }
}

/** The options `--from` and `--to` of a range, both ends included. Throws a `StartError` where the one is after the other. */
export const rangeOptions = (
  from: string | undefined,
  to: string | undefined,
): { readonly from?: Position; readonly to?: Position } => {
  const range = { ...positionOption('from', from), ...positionOption('to', to) }
  if (from !== undefined && to !== undefined && !reached(to, from)) throw new StartError('--from is after --to')
  return range
}
