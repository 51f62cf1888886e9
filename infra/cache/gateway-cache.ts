import type { EventStore } from '../../command-side/event-store.ts'
import type { GatewayCache as CommandsCache } from '../../command-side/gateway-settings/gateway-cache.ts'
import { readSettings } from '../../command-side/gateway-settings/read-settings.ts'
import type { RecordedEvent } from '../../domain/event.ts'
import { isGatewayEvent } from '../../domain/event-types.ts'
import type { GatewayEvent } from '../../domain/gateway/event.ts'
import { anyPayment, type MethodRules, noRules, type PaymentRules } from '../../domain/gateway/rules.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import { type MethodType, methodTypes } from '../../domain/payment/method.ts'
import { EventStoreUnavailable } from '../../http/event-store-unavailable.ts'
import { asStoreBusy } from './as-store-busy.ts'
import { cachedOver, type Tiers } from './cached-over.ts'
import { configText, type GatewayConfig, rulesText } from './gateway-text.ts'
import type { Versioned } from './versioned.ts'

type Streams = Pick<EventStore, 'readStream'>

/** Settings from the gateways' streams, of which only what is new is read. */
const fromStreams = (store: Streams): ((gateway: string) => Promise<GatewaySettings>) => {
  const kept = new Map<string, GatewaySettings>()
  return async (gateway) => {
    const settings = await readSettings(store, gateway, kept.get(gateway))
    kept.set(gateway, settings)
    return settings
  }
}

type Config = Versioned<GatewayConfig> | undefined
type Rules = Versioned<MethodRules> | undefined

const together = (config: Config, rules: Rules): PaymentRules => ({
  gatewayEnabled: config?.value.enabled ?? anyPayment.gatewayEnabled,
  method: rules?.value ?? anyPayment.method,
})

const rulesId = (gateway: string, method: MethodType): string => `${gateway}:${method}`
/** What such an id was made of. */
const partsOf = (id: string) => {
  const end = id.lastIndexOf(':')
  return { gateway: id.slice(0, end), method: id.slice(end + 1) as MethodType }
}

/** How many events have made the settings what they are: 0 where there are none, as caches have no version below. */
const versionAt = (revision: number): number => revision + 1

/** What gateways' settings say, cached. */
export type GatewayCache = CommandsCache & {
  /** Loads all that payments through the gateway may ask for. */
  warm(gateway: string): Promise<void>
  /** Outdates what these events change. To be told before they are applied: then no crash passes one over. Never rejects. */
  hear(events: readonly RecordedEvent[]): Promise<void>
}

/**
 * Gateways' configurations and their rules for methods, which belong to every new payment: from this process's memory for
 * a second, from what all share for an hour and a quarter of one, else from the gateway's stream. A gateway for which
 * nobody has set anything is remembered as such.
 *
 * A change counts at once where it was made, and elsewhere when the second is over that each instance believes its own
 * memory; five seconds while Redis is away. That Redis has nothing older is seen to by the instance that made the change
 * and by the projector, whichever is first. While the event store is away what was known last counts.
 */
export const createGatewayCache = (store: Streams, tiers: Tiers): GatewayCache => {
  const settingsOf = fromStreams(store)
  const configs = cachedOver<GatewayConfig>(tiers, 'gatewayConfig', {
    load: async (gateway) => {
      const { enabled, revision } = await settingsOf(gateway)
      return { version: versionAt(revision), value: { enabled } }
    },
    ...configText,
  })
  const rules = cachedOver<MethodRules>(tiers, 'methodRules', {
    load: async (id) => {
      const { gateway, method } = partsOf(id)
      const { methods, revision } = await settingsOf(gateway)
      return { version: versionAt(revision), value: methods.get(method) ?? noRules }
    },
    ...rulesText,
  })

  const outdate = ({ type, data, revision }: RecordedEvent<GatewayEvent>): Promise<void> => {
    switch (type) {
      case 'GatewayConfigured':
        return configs.forgetOlder(data.gateway, versionAt(revision))
      case 'MethodRulesSet':
        return rules.forgetOlder(rulesId(data.gateway, data.method), versionAt(revision))
    }
  }

  /** Asks for what is not at hand. */
  const lookFor = async (gateway: string, id: string, config: Config, ofMethod: Rules): Promise<PaymentRules> => {
    const asked = [
      config === undefined ? configs.get(gateway) : Promise.resolve(config),
      ofMethod === undefined ? rules.get(id) : Promise.resolve(ofMethod),
    ] as const
    try {
      return together(...(await Promise.all(asked)))
    } catch (error) {
      // One that is answered later would outdate what is put below.
      await Promise.allSettled(asked)
      const [lastConfig, lastRules] = [configs.latest(gateway), rules.latest(id)]
      const isKnown = lastConfig !== undefined && lastRules !== undefined
      if (!isKnown || !(error instanceof EventStoreUnavailable)) throw asStoreBusy(error)
      // While the gateway's stream is away nobody changes it, and payments in other stores need not wait for it.
      await Promise.all([configs.put(gateway, lastConfig), rules.put(id, lastRules)])
      return together(lastConfig, lastRules)
    }
  }

  return {
    rulesOf: (gateway, method) => {
      const id = rulesId(gateway, method)
      const [config, ofMethod] = [configs.recall(gateway), rules.recall(id)]
      if (config !== undefined && ofMethod !== undefined) return together(config, ofMethod)
      return lookFor(gateway, id, config, ofMethod)
    },
    changed: ({ type, data }, revision) => {
      const version = versionAt(revision)
      const { gateway, enabled } = data
      switch (type) {
        case 'GatewayConfigured':
          return configs.put(gateway, { version, value: { enabled } })
        case 'MethodRulesSet':
          return rules.put(rulesId(gateway, data.method), { version, value: { enabled, limits: data.limits } })
      }
    },
    warm: async (gateway) => {
      await configs.get(gateway)
      for (const method of methodTypes) await rules.get(rulesId(gateway, method))
    },
    hear: async (events) => {
      for (const event of events) if (isGatewayEvent(event)) await outdate(event)
    },
  }
}
