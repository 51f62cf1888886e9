import type { SeenPart } from '../../../projections/event-feed.ts'
import { kafkaFeed } from '../feed.ts'

// Takes part in a group until it is killed, and prints the part and the end of every stretch that it gets.
// Arguments: the brokers, the topic, how many parts, the group.

const [brokers = '', topic = '', parts = '0', groupId = ''] = process.argv.slice(2)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const feed = kafkaFeed({
  connection: { brokers: brokers.split(','), clientId: 'killed' },
  topic,
  parts: Number(parts),
  groupId,
  logger: quiet,
  onTrouble: () => undefined,
  logs: [],
})
const nothing = async (): Promise<readonly SeenPart[]> => []
for await (const batch of feed.subscribe(nothing, new AbortController().signal))
  process.stdout.write(batch.map(({ part, upTo }) => `${part} ${upTo}\n`).join(''))
