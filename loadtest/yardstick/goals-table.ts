import type { Goal } from '../result.ts'
import { unmeasured } from './goals.ts'

const verdict = ({ met, measured }: Goal): string => {
  if (met === undefined) return measured === unmeasured.measured ? '-' : 'open'
  return met ? 'met' : 'SHORT'
}

/** Every goal with its figure beside it, and at the end the names of those that fall short. */
export const goalsTable = (goals: readonly Goal[]): string => {
  const whatWidth = Math.max(...goals.map(({ what }) => what.length))
  const goalWidth = Math.max(...goals.map(({ goal }) => goal.length))
  const rows = goals.map((each) => {
    const ratio = each.ratio === undefined ? '' : each.ratio.toFixed(2)
    return `${each.number}  ${each.what.padEnd(whatWidth)}  ${each.goal.padEnd(goalWidth)}  ${verdict(each).padEnd(5)}  ${ratio.padStart(5)}  ${each.measured}`
  })
  const named = (title: string, which: readonly Goal[]): string[] =>
    which.length === 0 ? [] : [`${title}: ${which.map(({ what }) => what).join('; ')}.`]
  const undecided = goals.filter(({ met }) => met === undefined)
  const isMeasured = ({ measured }: Goal): boolean => measured !== unmeasured.measured
  return [
    ...rows,
    '',
    ...named(
      'Falls short',
      goals.filter(({ met }) => met === false),
    ),
    ...named('Not decided at this size and length', undecided.filter(isMeasured)),
    ...named(
      'Not measured',
      undecided.filter((goal) => !isMeasured(goal)),
    ),
    '',
  ].join('\n')
}
