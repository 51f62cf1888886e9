/**
 * Of two versions as decimal text, whether `a` is the later one: Lua's numbers would lose digits. What stands under a key
 * has the form `version:…`.
 */
const versions = `
    local function isLater(a, b) return #a > #b or (#a == #b and a > b) end
    local current = redis.call('GET', KEYS[1])
    local known = current and string.match(current, '^(%d+):')`

/** What is done to one key in one step, in Redis itself. */
export const scripts = {
  /**
   * KEYS[1] = a value of the form `version:…`. Sets it to ARGV[1]:ARGV[2] for ARGV[3] ms unless a later version is there.
   * The same version again is written, for it may come with a later position. 1 when it was written, else 0.
   */
  setIfNewer: `${versions}
    if known and isLater(known, ARGV[1]) then return 0 end
    redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
    return 1`,
  /**
   * The same key. Unless version ARGV[1] or a later one is there, leaves that version with nothing behind it for ARGV[2]
   * ms: what was read before, and is written late, is older and not taken. 1 when it did, else 0.
   */
  forgetOlder: `${versions}
    if known and not isLater(ARGV[1], known) then return 0 end
    redis.call('SET', KEYS[1], ARGV[1] .. ':', 'PX', ARGV[2])
    return 1`,
  /**
   * The same key. Where ARGV[1] stands there, leaves version ARGV[2] with nothing behind it for ARGV[3] ms. 1 when it did,
   * else 0.
   */
  replace: `
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2] .. ':', 'PX', ARGV[3])
    return 1`,
  /** KEYS[1] = a counter that lives for ARGV[1] ms from its first use. Counts one more and gives the sum. */
  count: `
    local sum = redis.call('INCR', KEYS[1])
    if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    return sum`,
} as const

export type ScriptName = keyof typeof scripts

/** Whether it comes to the same when it is done twice. */
export const repeatable: Readonly<Record<ScriptName, boolean>> = {
  setIfNewer: true,
  forgetOlder: true,
  replace: false,
  count: false,
}
