/** The read side over HTTP, as one principal sees it. */
export type Api = {
  text(path: string): Promise<string>
  get<T>(path: string): Promise<T>
  /** Every item of a list, page by page. */
  all<T>(path: string): Promise<T[]>
  ids(path: string): Promise<string[]>
}

/**
 * Reads that fail with 503, or whose connection is closed under them, are tried again, a bounded number of times; anything
 * else that is not 200 throws.
 */
export const api = (url: string, key: string): Api => {
  const headers = { authorization: `Bearer ${key}` }
  const ask = async (path: string): Promise<{ readonly status: number; readonly body: string }> => {
    const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(30_000) })
    return { status: response.status, body: await response.text() }
  }
  const text = async (path: string, tries = 0): Promise<string> => {
    const closed = (error: unknown) => ({ status: 0, body: String(error) })
    const { status, body } = await ask(path).catch(closed)
    if ((status === 503 || status === 0) && tries < 20) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      return text(path, tries + 1)
    }
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`)
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
