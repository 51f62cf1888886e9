import { announcer } from './announcer.ts'
import { followed } from './copies/followed.ts'
import { CopiesChanged } from './copies/target.ts'
import { parkedCopies } from './parked-page.ts'
import { retryIn, type TakeUp } from './take-up.ts'

const attempts = 5

/**
 * Tries a parked stream of a projection again in every copy on the server that is followed, and tells the status cache
 * what has changed. What still cannot be applied stays parked, with what is wrong now. Throws `CopiesChanged` where
 * copies come and go all the time.
 */
export const retryStream = async (takeUp: TakeUp, projection: string, stream: string): Promise<void> => {
  const told = announcer(takeUp)
  for (let attempt = 1; ; attempt++) {
    try {
      const { server, projections } = takeUp
      const plan = await server.transaction((sql) => followed(sql, server, projections))
      for (const { revision, ...parked } of await parkedCopies(server, projection, stream))
        await told.announce(await retryIn(takeUp, plan, { ...parked, projection, revision: revision ?? undefined }))
      return await told.end()
    } catch (error) {
      if (!(error instanceof CopiesChanged) || attempt === attempts) throw error
    }
  }
}
