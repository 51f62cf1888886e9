/** A setting that cannot be used. The message begins with its name and never holds a secret. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}
