import { halves, type Page } from './page.ts'

/** So few events that their records are compared one by one. */
const few = 64

/**
 * The stretches of a page where something differs, each of few events, found by halving: what is the same costs one
 * question. `differs` is asked of a page known to be part of one that differs.
 */
export const locate = async (page: Page, differs: (page: Page) => Promise<boolean>): Promise<readonly Page[]> => {
  if (!(await differs(page))) return []
  if (page.events.length <= few) return [page]
  const found: Page[] = []
  for (const half of halves(page)) found.push(...(await locate(half, differs)))
  return found
}
