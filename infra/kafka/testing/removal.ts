import type { Brokers } from './brokers.ts'
import { until } from './until.ts'

/** Removes topics, and groups that nobody is in any more. Resolves when all of them are gone. */
export const removeAll = async (
  brokers: Brokers,
  topics: readonly string[],
  groups: readonly string[],
): Promise<void> => {
  await until('groups of a test gone', () =>
    brokers.ask(async (admin) => {
      const ours = (await admin.listGroups()).groups.flatMap(({ groupId }) => (groups.includes(groupId) ? groupId : []))
      // It rejects for one that somebody is still in: a consumer that was killed is a member for some seconds.
      if (ours.length > 0) await admin.deleteGroups(ours)
      return ours.length === 0
    }),
  )
  await until('topics of a test gone', () =>
    brokers.ask(async (admin) => {
      const ours = (await admin.listTopics()).filter((topic) => topics.includes(topic))
      if (ours.length > 0) await admin.deleteTopics({ topics: ours })
      return ours.length === 0
    }),
  )
}
