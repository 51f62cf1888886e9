/** What is done to one key in one step, in Redis itself. */
export const scripts = {
  /**
   * KEYS[1] = a value of the form `version:…`. Sets it to ARGV[1]:ARGV[2] for ARGV[3] ms unless a later version is there.
   * Versions are compared as decimal text, because Lua's numbers lose digits. The same version again is written, for it
   * may come with a later position. 1 when it was written, else 0.
   */
  setIfNewer: `
    local current = redis.call('GET', KEYS[1])
    if current then
      local known = string.match(current, '^(%d+):')
      local given = ARGV[1]
      if known and (#known > #given or (#known == #given and known > given)) then return 0 end
    end
    redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
    return 1`,
  /** KEYS[1] = a counter that lives for ARGV[1] ms from its first use. Counts one more and gives the sum. */
  count: `
    local sum = redis.call('INCR', KEYS[1])
    if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    return sum`,
} as const

export type ScriptName = keyof typeof scripts
