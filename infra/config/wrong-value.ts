const limitOf = (schema: object, keyword: string): number | undefined => {
  const value: unknown = Object.entries(schema).find(([name]) => name === keyword)?.[1]
  return typeof value === 'number' ? value : undefined
}

const rangeOf = (schema: object): string => {
  const maximum = limitOf(schema, 'maximum')
  return `from ${limitOf(schema, 'minimum') ?? 0} ${maximum === undefined ? 'up' : `to ${maximum}`}`
}

/** What a setting's schema asks for, in words that do not repeat the value: it may be a secret. */
const demandOf = (schema: object): string => {
  if ('enum' in schema && Array.isArray(schema.enum)) return `be one of ${schema.enum.join(', ')}`
  if ('demand' in schema && typeof schema.demand === 'string') return schema.demand
  const type = 'type' in schema ? schema.type : undefined
  if (type === 'integer') return `be a whole number ${rangeOf(schema)}`
  if (type === 'boolean') return 'be true or false'
  return `have at least ${limitOf(schema, 'minLength') ?? 0} characters`
}

/** What Kubernetes sets `NAME_PORT` to for a service called `name`. */
const link = /^(tcp|udp|sctp):\/\//

/** Says by name what is wrong with a setting. */
export const wrongValue = (name: string, schema: object, value: string | undefined): string => {
  const demand = `${name} must ${demandOf(schema)}`
  if (value === undefined || !name.endsWith('_PORT') || !link.test(value)) return demand
  const service = name.slice(0, -'_PORT'.length).toLowerCase().replaceAll('_', '-')
  return `${demand}. Kubernetes sets it to the address of a service called ${service}: set enableServiceLinks: false in the pod, or ${name} itself`
}
