/**
 * Shared by all scripts. KEYS[1] is the prefix. Milliseconds are written with %.0f, because %d is a C long: on a 32-bit server (the embedded one)
 * a time would wrap around, and renders would expire at once.
 */
export const prelude = `
local p = KEYS[1]
local call = redis.call
local function renderKey(id) return p .. ':render:' .. id end
local function contentHash(c) return p .. ':content:' .. c end
local function liveSet(c) return p .. ':live:' .. c end
local function refSet(c) return p .. ':refs:' .. c end
local function ms(n) return string.format('%.0f', n) end

local function move(id, tenant, from, to)
  if from and from ~= '' then
    call('ZREM', p .. ':list:' .. from, id)
    call('ZREM', p .. ':list:' .. from .. ':' .. tenant, id)
  end
  if to then
    call('ZADD', p .. ':list:' .. to, 0, id)
    call('ZADD', p .. ':list:' .. to .. ':' .. tenant, 0, id)
  end
end

-- Bounded in bytes too: when thousands of equal renders change at once, fewer changes are kept.
local function tell(kind, ids)
  local kept = math.max(100, math.floor(10000 / math.max(1, #ids / 20)))
  if #ids > 0 then call('XADD', p .. ':events', 'MAXLEN', '~', kept, '*', 'kind', kind, 'renders', table.concat(ids, ',')) end
end

-- The queue of the engine version that a content is addressed to.
local function queueOf(content) return call('HGET', contentHash(content), 'queue') or 'jobs-' end

local function wait(content, seconds)
  if call('SADD', p .. ':waiting', content) == 1 then
    call('HINCRBY', p .. ':queues', queueOf(content), 1)
    call('HINCRBYFLOAT', p .. ':totals', 'backlogSeconds', seconds)
  end
end

local function unwait(content, seconds)
  if call('SREM', p .. ':waiting', content) == 1 then
    if call('SCARD', p .. ':waiting') == 0 then
      call('HSET', p .. ':totals', 'backlogSeconds', 0)
      call('DEL', p .. ':queues')
    else
      local queue = queueOf(content)
      if call('HINCRBY', p .. ':queues', queue, -1) <= 0 then call('HDEL', p .. ':queues', queue) end
      call('HINCRBYFLOAT', p .. ':totals', 'backlogSeconds', -seconds)
    end
  end
end

-- The end of one render. The lists and counters change here and nowhere else.
local function endRender(id, from, status, startedAt, now, problem, cached)
  local f = call('HMGET', renderKey(id), 'tenant', 'ttl')
  local tenant, ttl = f[1], tonumber(f[2]) or 0
  local expires = ''
  if ttl > 0 then
    expires = ms(now + ttl * 1000)
    call('ZADD', p .. ':expiries', expires, id)
  end
  call('HSET', renderKey(id), 'status', status, 'startedAt', startedAt or '', 'finishedAt', ms(now),
    'expiresAt', expires, 'error', problem or '', 'cached', cached and '1' or '')
  call('ZADD', p .. ':ended', ms(now), id)
  call('ZREM', p .. ':deadlines', id)
  move(id, tenant, from, status)
  if from and call('HINCRBY', p .. ':outstanding', tenant, -1) <= 0 then
    call('HDEL', p .. ':outstanding', tenant)
  end
end

-- A content that nobody renders any more. Its hash remembers the last run for longer than clocks are apart.
local function rest(content)
  local f = call('HMGET', contentHash(content), 'tenant', 'seconds')
  unwait(content, tonumber(f[2]) or 0)
  if f[1] then call('SREM', p .. ':running:' .. f[1], content) end
  call('SREM', p .. ':active', content)
  call('HSET', contentHash(content), 'status', 'idle')
  call('HDEL', contentHash(content), 'rendered', 'total', 'startedAt')
  call('EXPIRE', contentHash(content), 300)
end

-- Queue and slots of a living station, from its name.
local function stationOf(name)
  local queue, slots = string.match(name, '^[^:]*:(.*):(%d+)$')
  return queue or 'jobs-', tonumber(slots or string.match(name, '(%d+)$'))
end

-- What a wait in this queue can be estimated from: contents waiting, seconds of audio they are, slots of its stations, seconds of audio per second and slot.
local function load(now, queue)
  local slots = 0
  for _, name in ipairs(call('ZRANGEBYSCORE', p .. ':stations', now, '+inf')) do
    local its, count = stationOf(name)
    if its == queue then slots = slots + count end
  end
  local waiting, all = tonumber(call('HGET', p .. ':queues', queue)) or 0, call('SCARD', p .. ':waiting')
  local seconds = (tonumber(call('HGET', p .. ':totals', 'backlogSeconds')) or 0) * waiting / math.max(1, all)
  return waiting, tostring(seconds), slots, call('HGET', p .. ':speed', 'factor') or ''
end

local function hasResult(content)
  return call('HGET', contentHash(content), 'status') == 'succeeded'
end

local function setResult(content, manifest, bytes)
  call('HSET', contentHash(content), 'status', 'succeeded', 'manifest', manifest, 'bytes', bytes)
  call('PERSIST', contentHash(content))
  call('INCRBY', p .. ':bytes', bytes)
end
`;
