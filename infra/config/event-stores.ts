import { ConfigError } from './config-error.ts'

const name = 'EVENTSTORE_CONNECTION_STRING'

// As the client reads it, which would repeat the whole string, password included, in the error it throws.
const pattern = /^esdb(\+discover)?:\/\/([^:/@\s]+:[^@\s]+@)?([\w.-]+(:\d{1,5})?)(,[\w.-]+(:\d{1,5})?)*\/?(\?\S*)?$/

/**
 * The connection strings that white space separates: one for each event store, in the order that says which stream is in
 * which. Throws a `ConfigError` that has nothing of the strings.
 */
export const connectionStrings = (text: string): readonly string[] => {
  const all = text.split(/\s+/).filter((each) => each !== '')
  for (const [index, each] of all.entries()) {
    const which = all.length > 1 ? `${name} number ${index + 1}` : name
    if (!pattern.test(each)) {
      throw new ConfigError(
        `${which} must be of the form esdb://user:password@host:port?tls=true, or esdb+discover://…`,
      )
    }
    if (all.indexOf(each) !== index) throw new ConfigError(`${which} is there twice`)
  }
  if (all.length === 0) throw new ConfigError(`${name} must have an esdb:// string`)
  return all
}
