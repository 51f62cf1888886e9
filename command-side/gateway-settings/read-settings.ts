import { gatewayStream, type RecordedEvent } from '../../domain/event.ts'
import type { GatewayEvent } from '../../domain/gateway/event.ts'
import { evolveGateway, initialSettings } from '../../domain/gateway/evolve.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import type { EventStore } from '../event-store.ts'

const pageSize = 1_000

/** A gateway's settings as its stream has them now, read on from what is `known` of them. */
export const readSettings = async (
  { readStream }: Pick<EventStore, 'readStream'>,
  gateway: string,
  known: GatewaySettings = initialSettings,
): Promise<GatewaySettings> => {
  let settings = known
  for (;;) {
    const page = await readStream(gatewayStream(gateway), settings.revision + 1, pageSize)
    // A gateway's stream holds gateway events only: nothing else is ever appended to it.
    settings = (page as readonly RecordedEvent<GatewayEvent>[]).reduce(evolveGateway, settings)
    if (page.length < pageSize) return settings
  }
}
