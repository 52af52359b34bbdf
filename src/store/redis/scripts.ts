// Each script is one step for every other client. KEYS holds every key that it uses, in triples for each collection:
// its versions and times, its values, and its order. All names have one hash tag, so they are on one node of a cluster.

/** `at` as 16 digits, so that texts sort as numbers. 2^53 has 16. */
export const AT_DIGITS = 16

/**
 * KEYS: numbers, then the triples. ARGV: the number of conditions, removals and puts, the time in microseconds, then
 * [key, id, version or ''], [key, id], [key, id, at, 'new' | 'keep' | '', value]. Answers 1, or 0 if a condition fails.
 *
 * The first command that writes is HSET, if there is a put. Redis refuses it when it is out of memory, and then refuses
 * nothing later, so that a script is never left half done.
 */
export const WRITE = `
local p = 5
for _ = 1, tonumber(ARGV[1]) do
  local meta = redis.call('HGET', KEYS[tonumber(ARGV[p])], ARGV[p + 1])
  if (meta and string.match(meta, '^%d+') or '') ~= ARGV[p + 2] then return 0 end
  p = p + 3
end
local version = 0
if tonumber(ARGV[3]) > 0 then
  version = math.max(tonumber(redis.call('HGET', KEYS[1], 'version') or 0), tonumber(ARGV[4]))
  redis.call('HSET', KEYS[1], 'version', string.format('%.0f', version + tonumber(ARGV[3])))
end
for _ = 1, tonumber(ARGV[2]) do
  local key, id = tonumber(ARGV[p]), ARGV[p + 1]
  local meta = redis.call('HGET', KEYS[key], id)
  if meta then
    redis.call('ZREM', KEYS[key + 2], string.sub(meta, -${AT_DIGITS}) .. id)
    redis.call('HDEL', KEYS[key], id)
    redis.call('HDEL', KEYS[key + 1], id)
  end
  p = p + 2
end
for _ = 1, tonumber(ARGV[3]) do
  local key, id, at, mode = tonumber(ARGV[p]), ARGV[p + 1], ARGV[p + 2], ARGV[p + 3]
  local meta = redis.call('HGET', KEYS[key], id)
  if not (meta and mode == 'new') then
    if meta then
      local before = string.sub(meta, -${AT_DIGITS})
      if mode == 'keep' then at = before
      elseif before ~= at then redis.call('ZREM', KEYS[key + 2], before .. id) end
    end
    version = version + 1
    redis.call('HSET', KEYS[key], id, string.format('%.0f', version) .. ':' .. at)
    redis.call('HSET', KEYS[key + 1], id, ARGV[p + 4])
    redis.call('ZADD', KEYS[key + 2], 0, at .. id)
  end
  p = p + 5
end
return 1
`

/** KEYS: the triples. ARGV: [key, id]. Answers [meta, value] for each, two nulls for a record that is not there. */
export const READ = `
local found = {}
for p = 1, #ARGV, 2 do
  local key = tonumber(ARGV[p])
  found[p] = redis.call('HGET', KEYS[key], ARGV[p + 1])
  found[p + 1] = redis.call('HGET', KEYS[key + 1], ARGV[p + 1])
end
return found
`

/** KEYS: one triple. ARGV: 'newest' or '', from, to, limit. Answers [id, meta, value] for each. */
export const LIST = `
local range = ARGV[1] == 'newest' and 'ZREVRANGEBYLEX' or 'ZRANGEBYLEX'
local members = redis.call(range, KEYS[3], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
local found = {}
for i, member in ipairs(members) do
  local id = string.sub(member, ${AT_DIGITS + 1})
  found[3 * i - 2] = id
  found[3 * i - 1] = redis.call('HGET', KEYS[1], id)
  found[3 * i] = redis.call('HGET', KEYS[2], id)
end
return found
`

/** KEYS: the claim. ARGV: holder, ms. Redis's own clock ends it, so clocks of instances do not matter. */
export const CLAIM = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`

export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`
