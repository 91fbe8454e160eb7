import { RedisScript } from '../redis-script.js';
import { prelude } from './prelude.js';

/** A station is about to render: refused when nobody waits for this run any more, or the tenant has its share of workers. */
export const beginScript = new RedisScript(`${prelude}
local content, run, now, tenantLimit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local c = call('HMGET', contentHash(content), 'status', 'run', 'tenant', 'seconds', 'tag', 'queuedAt', 'startedAt')
local status = c[1]
if (status ~= 'queued' and status ~= 'rendering') or tonumber(c[2]) ~= run then return {'stale'} end
local ids = call('SMEMBERS', liveSet(content))
if #ids == 0 then
  rest(content)
  return {'stale'}
end
local running = p .. ':running:' .. c[3]
if tenantLimit > 0 and call('SISMEMBER', running, content) == 0 and call('SCARD', running) >= tenantLimit then return {'wait'} end
call('SADD', running, content)
call('SADD', p .. ':active', content)
unwait(content, tonumber(c[4]) or 0)
local vt = tonumber(call('HGET', p .. ':fair', 'now')) or 0
call('HSET', p .. ':fair', 'now', math.max(vt, tonumber(c[5]) or 0))
call('HSET', contentHash(content), 'status', 'rendering', 'startedAt', c[7] or ms(now), 'rendered', 0)
if status == 'queued' then
  for _, id in ipairs(ids) do move(id, call('HGET', renderKey(id), 'tenant'), 'queued', 'rendering') end
end
tell('status', ids)
local waited = ''
if not c[7] and c[6] then waited = now - tonumber(c[6]) end
return {'go', tostring(waited), unpack(ids, 1, math.min(#ids, 1000))}
`);

/** @returns 1 while somebody waits for this run; 0 tells the station to stop. */
export const progressScript = new RedisScript(`${prelude}
local content, run = ARGV[1], tonumber(ARGV[2])
local c = call('HMGET', contentHash(content), 'status', 'run')
if c[1] ~= 'rendering' or tonumber(c[2]) ~= run then return 0 end
call('HSET', contentHash(content), 'rendered', ARGV[3], 'total', ARGV[4])
tell('progress', call('SMEMBERS', liveSet(content)))
return 1
`);

/** A fault that is worth another attempt: the renders wait again. */
export const retryScript = new RedisScript(`${prelude}
local content, run = ARGV[1], tonumber(ARGV[2])
local c = call('HMGET', contentHash(content), 'status', 'run', 'tenant', 'seconds')
if c[1] ~= 'rendering' or tonumber(c[2]) ~= run then return 0 end
call('HSET', contentHash(content), 'status', 'queued', 'rendered', 0)
call('SREM', p .. ':running:' .. c[3], content)
call('SREM', p .. ':active', content)
wait(content, tonumber(c[4]) or 0)
local ids = call('SMEMBERS', liveSet(content))
for _, id in ipairs(ids) do
  move(id, call('HGET', renderKey(id), 'tenant'), 'rendering', 'queued')
end
tell('status', ids)
return 1
`);

/**
 * The end of a run, with a manifest (succeeded) or a problem (failed): ends every render that waits for it. The first end of a run counts;
 * a cancel that came before has taken its render out.
 * @returns the renders that ended by it, or null when this run had ended before
 */
export const finishScript = new RedisScript(`${prelude}
local content, run, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local manifest, bytes, problem = ARGV[4], ARGV[5], ARGV[6]
local wall, audio = tonumber(ARGV[7]), tonumber(ARGV[8])
local c = call('HMGET', contentHash(content), 'status', 'run', 'startedAt')
local status = c[1]
if (status ~= 'queued' and status ~= 'rendering') or tonumber(c[2]) ~= run then return false end
local ids = call('SMEMBERS', liveSet(content))
for _, id in ipairs(ids) do
  endRender(id, status, manifest ~= '' and 'succeeded' or 'failed', c[3] or ms(now), now, problem)
  if manifest ~= '' then call('SADD', refSet(content), id) end
end
call('DEL', liveSet(content))
rest(content)
if manifest ~= '' then setResult(content, manifest, bytes) end
if wall > 0 then
  local s = call('HMGET', p .. ':speed', 'factor', 'jobSeconds')
  local a = s[1] and 0.2 or 1
  if audio > 0 then
    call('HSET', p .. ':speed', 'factor', tostring((1 - a) * (tonumber(s[1]) or 0) + a * audio / wall))
  end
  call('HSET', p .. ':speed', 'jobSeconds', tostring((1 - a) * (tonumber(s[2]) or 0) + a * wall))
end
tell('status', ids)
return ids
`);
