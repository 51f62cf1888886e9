/** The read side over HTTP, as one principal sees it. */
export type Api = {
  text(path: string): Promise<string>
  get<T>(path: string): Promise<T>
  /** Every item of a list, page by page. */
  all<T>(path: string): Promise<T[]>
  ids(path: string): Promise<string[]>
}

/** Reads that fail with 503 are tried again, a bounded number of times; anything else that is not 200 throws. */
export const api = (url: string, key: string): Api => {
  const text = async (path: string, tries = 0): Promise<string> => {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(30_000),
    })
    const body = await response.text()
    if (response.status === 503 && tries < 20) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      return text(path, tries + 1)
    }
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${body}`)
    return body
  }
  const get = async <T>(path: string): Promise<T> => JSON.parse(await text(path)) as T
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { data: T[]; nextCursor: string | null } = await get(
        `${path}?limit=1000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      items.push(...page.data)
      cursor = page.nextCursor
    }
    return items
  }
  return { text, get, all, ids: async (path) => (await all<{ id: string }>(path)).map(({ id }) => id) }
}
