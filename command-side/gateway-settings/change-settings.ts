import { gatewayStream } from '../../domain/event.ts'
import type { GatewayCommand } from '../../domain/gateway/command.ts'
import { decideGateway } from '../../domain/gateway/decide.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import type { Position } from '../../domain/position.ts'
import { decideOnStream, type Occasion } from '../decide-on-stream.ts'
import type { EventStore } from '../event-store.ts'
import type { GatewayCache } from './gateway-cache.ts'
import { gatewayFold } from './read-settings.ts'

/** The settings after a change. A reader at `position` sees them. */
export type ChangedSettings = { readonly settings: GatewaySettings; readonly position: Position }

/** Decides a command on a gateway's settings and appends what happened. Throws 409 `conflict` when others never let it. */
export type ChangeSettings = (command: GatewayCommand, by: Occasion) => Promise<ChangedSettings>

export const createChangeSettings =
  (store: EventStore, cache: GatewayCache): ChangeSettings =>
  async (command, by) => {
    const stream = gatewayStream(command.gateway)
    const decide = (settings: GatewaySettings) => decideGateway(command, settings)
    const { before, state, events, position } = await decideOnStream(store, stream, gatewayFold, decide, by)
    await Promise.all(events.map((event, index) => cache.changed(event, before.revision + 1 + index)))
    return { settings: state, position }
  }
