import type { StreamId } from '../../../domain/event.ts'
import { write } from '../append.ts'
import { commit } from '../commit.ts'
import type { Tail } from '../entry.ts'
import { openStore } from '../store.ts'

/** Appends texts to streams of the log in folder `path`, whatever they are: another version of the program may have. */
export const writeTexts = async (path: string, texts: readonly (readonly [StreamId, string])[]): Promise<void> => {
  const { environment, index } = openStore({ path })
  await commit(environment, () => {
    environment.pages.begin(index.follow())
    const tails = new Map<StreamId, Tail>()
    for (const [stream, text] of texts) {
      const append = { stream, expected: 'none', events: [], texts: [text], bytes: text.length } as const
      tails.set(stream, write(environment, append, tails.get(stream) ?? index.tail(stream)))
    }
    environment.pages.flush()
  })
  await environment.root.close()
}
