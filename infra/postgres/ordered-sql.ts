import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'

/** Names that follow from statements' texts, so that each is prepared once on each connection. */
export const statementNames = (): ((text: string) => string) => {
  const names = new Map<string, string>()
  return (text) => {
    const name = names.get(text) ?? createHash('sha1').update(text).digest('base64url')
    names.set(text, name)
    return name
  }
}

/** Cardinality, data, integrity and size: SQLSTATE classes that speak of the data. */
const ofTheData = /^(21|22|23|54)/

const explained = (error: unknown): unknown => {
  if (error instanceof pg.DatabaseError && ofTheData.test(error.code ?? '')) return error
  return new StoreUnavailable(error instanceof Error ? error.message : String(error), { cause: error })
}

/** The statements of one transaction on one connection. */
export type OrderedSql = Sql & {
  /** Refuses further statements and waits for those under way. */
  close(): Promise<void>
}

/** Sends each statement once the one before it is answered. After a failure all others fail likewise, unsent. */
export const orderedSql = (client: pg.PoolClient, nameOf: (text: string) => string): OrderedSql => {
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  const inTurn = <T>(send: () => Promise<T>): Promise<T> => {
    const result = last.then(() => {
      if (closed) throw new StoreUnavailable('the transaction has ended')
      return send().catch((error: unknown) => {
        throw explained(error)
      })
    })
    last = result
    result.catch(() => undefined)
    return result
  }
  const forgive = (): void => {
    last = last.catch(() => undefined)
  }
  const plain = (text: string): Promise<unknown> => inTurn(() => client.query(text))

  return {
    query: <Row>(text: string, values?: readonly unknown[]) =>
      inTurn(async () => {
        const config = values === undefined ? { text } : { name: nameOf(text), text, values: [...values] }
        const { rows } = await client.query(config)
        return rows as readonly Row[]
      }),
    copy: (text, rows) =>
      inTurn(async () => {
        const stream = client.query(copyFrom(text))
        stream.end(rows)
        await finished(stream)
      }),
    savepoint: async (work) => {
      await plain('savepoint part')
      try {
        const result = await work()
        await plain('release savepoint part')
        return result
      } catch (error) {
        forgive()
        await plain('rollback to savepoint part')
        throw error
      }
    },
    close: async () => {
      closed = true
      await last.catch(() => undefined)
    },
  }
}
