import { gatewayStream } from '../../domain/event.ts'
import type { GatewayEvent } from '../../domain/gateway/event.ts'
import { evolveGateway, initialSettings } from '../../domain/gateway/evolve.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import type { EventStore } from '../event-store.ts'
import { type Fold, foldStream } from '../fold-stream.ts'

/** How a gateway's stream becomes its settings. */
export const gatewayFold: Fold<GatewaySettings, GatewayEvent> = { initialState: initialSettings, evolve: evolveGateway }

/** A gateway's settings as its stream has them now, read on from what is `known` of them. */
export const readSettings = (
  store: Pick<EventStore, 'readStream'>,
  gateway: string,
  known: GatewaySettings = initialSettings,
): Promise<GatewaySettings> => foldStream(store, gatewayStream(gateway), gatewayFold, known)
