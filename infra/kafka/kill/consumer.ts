import { text } from 'node:stream/consumers'
import type { SeenPart } from '../../../projections/event-feed.ts'
import type { KafkaSettings } from '../connection.ts'
import { kafkaFeed } from '../feed.ts'

// Takes part in a group until it is killed, and prints the part and the end of every stretch that it gets.
// Arguments: the topic, how many parts, the group. How to get to the brokers is a line of JSON to read: it may have a
// password, and arguments are for everybody to see.

const [topic = '', parts = '0', groupId = ''] = process.argv.slice(2)
const connection: KafkaSettings = JSON.parse(await text(process.stdin))
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const feed = kafkaFeed({
  connection: { ...connection, clientId: 'killed' },
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
