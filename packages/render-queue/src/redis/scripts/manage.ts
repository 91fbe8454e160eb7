import { RedisScript } from '../redis-script.js';
import { prelude } from './prelude.js';

/**
 * Ends one unfinished render as canceled. When it was the last that waited for its content, the run ends too and its worker is told:
 * by a message at once, and by the content's state at its next progress should the message be lost.
 * @returns [status before] or, when the run ended, [status before, content, run]
 */
export const cancelScript = new RedisScript(`${prelude}
local id, now, problem = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local r = call('HMGET', renderKey(id), 'status', 'content')
if not r[2] then return {'unknown'} end
if r[1] ~= '' then return {r[1]} end
local content = r[2]
local c = call('HMGET', contentHash(content), 'status', 'run', 'startedAt')
local status = c[1]
if status ~= 'queued' and status ~= 'rendering' then status = nil end
endRender(id, status or 'queued', 'canceled', c[3], now, problem)
call('SREM', liveSet(content), id)
tell('status', {id})
if not status then return {'queued'} end
if call('SCARD', liveSet(content)) > 0 then return {status} end
rest(content)
call('PUBLISH', p .. ':cancel', content .. '-' .. c[2])
return {status, content, c[2]}
`);

/**
 * Takes an ended render out of the index and remembers that it existed.
 * @returns [tenant, content], and a third element when its files have no other user: they are then condemned, and no render can join them until they are gone
 */
export const forgetScript = new RedisScript(`${prelude}
local id, goneSeconds = ARGV[1], tonumber(ARGV[2])
local r = call('HMGET', renderKey(id), 'status', 'content', 'tenant')
if not r[2] then
  -- Nothing may be due for ever because its record alone was lost.
  call('ZREM', p .. ':expiries', id)
  call('ZREM', p .. ':ended', id)
  return {'unknown'}
end
if r[1] == '' then return {'unfinished'} end
local content, tenant = r[2], r[3]
move(id, tenant, r[1], nil)
call('DEL', renderKey(id), p .. ':deliveries:' .. id)
call('ZREM', p .. ':expiries', id)
call('ZREM', p .. ':ended', id)
if goneSeconds > 0 then call('SET', p .. ':gone:' .. id, '1', 'EX', goneSeconds) end
tell('status', {id})
if call('SREM', refSet(content), id) == 0 then return {tenant, content} end
-- While the index is being rebuilt, other users of the files may not be known yet: the sweep deletes them later.
if call('EXISTS', p .. ':index') == 0 then return {tenant, content} end
if call('SCARD', refSet(content)) > 0 or not hasResult(content) then return {tenant, content} end
call('DECRBY', p .. ':bytes', call('HGET', contentHash(content), 'bytes'))
call('HDEL', contentHash(content), 'manifest', 'bytes')
rest(content)
call('SET', p .. ':condemned:' .. content, '1', 'EX', 60)
return {tenant, content, 'condemned'}
`);

/**
 * @returns 1 when no render uses or makes the files of this content: until it is absolved, none can begin to. Always 0 while the index is
 * incomplete: after a loss of Redis every file would seem to be without a user.
 */
export const condemnScript = new RedisScript(`${prelude}
local content = ARGV[1]
if call('EXISTS', p .. ':index') == 0 then return 0 end
local status = call('HGET', contentHash(content), 'status')
if status == 'succeeded' or status == 'queued' or status == 'rendering' then return 0 end
call('SET', p .. ':condemned:' .. content, '1', 'EX', 60)
return 1
`);

/**
 * The files of a content are gone without our doing: it has to be rendered again. Takes back the end of the render that has just found them in the
 * index; those that ended before have no files any more.
 */
export const loseScript = new RedisScript(`${prelude}
local id, content, tenant, manifest = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- Another process may have had it made again meanwhile.
if hasResult(content) and call('HGET', contentHash(content), 'manifest') == manifest then
  call('DECRBY', p .. ':bytes', call('HGET', contentHash(content), 'bytes'))
  call('HDEL', contentHash(content), 'manifest', 'bytes')
  rest(content)
end
call('SREM', refSet(content), id)
move(id, tenant, 'succeeded', nil)
call('DEL', renderKey(id))
call('ZREM', p .. ':expiries', id)
call('ZREM', p .. ':ended', id)
return 1
`);

/**
 * Takes an unfinished render out of its content, without an end: to be joined to another one at once. A run that nobody else waits for ends.
 * @returns 1, or 0 when the render has ended or belongs to another content
 */
export const detachScript = new RedisScript(`${prelude}
local id, content = ARGV[1], ARGV[2]
local r = call('HMGET', renderKey(id), 'status', 'content', 'tenant')
if r[1] ~= '' or r[2] ~= content then return 0 end
local c = call('HMGET', contentHash(content), 'status', 'run')
move(id, r[3], c[1], nil)
call('DEL', renderKey(id))
call('ZREM', p .. ':deadlines', id)
if call('HINCRBY', p .. ':outstanding', r[3], -1) <= 0 then call('HDEL', p .. ':outstanding', r[3]) end
call('SREM', liveSet(content), id)
if call('SCARD', liveSet(content)) == 0 then
  rest(content)
  call('PUBLISH', p .. ':cancel', content .. '-' .. c[2])
end
return 1
`);

/** Puts an ended render (back) into the index: after Redis was lost, or when the blob store knows better than Redis. */
export const restoreScript = new RedisScript(`${prelude}
local id, content, tenant, record, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local status, startedAt, finishedAt, expiresAt = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local problem, cached, manifest, bytes = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local r = call('HMGET', renderKey(id), 'status', 'content')
if r[2] and r[1] ~= '' then return 0 end
if r[2] then
  local from = call('HGET', contentHash(content), 'status')
  move(id, tenant, 'queued', nil)
  move(id, tenant, 'rendering', nil)
  call('ZREM', p .. ':deadlines', id)
  if call('HINCRBY', p .. ':outstanding', tenant, -1) <= 0 then call('HDEL', p .. ':outstanding', tenant) end
  call('SREM', liveSet(content), id)
  if call('SCARD', liveSet(content)) == 0 and (from == 'queued' or from == 'rendering') then
    local run = call('HGET', contentHash(content), 'run')
    rest(content)
    call('PUBLISH', p .. ':cancel', content .. '-' .. run)
  end
end
call('HSET', renderKey(id), 'record', record, 'content', content, 'tenant', tenant, 'ttl', ttl, 'status', status,
  'startedAt', startedAt, 'finishedAt', finishedAt, 'expiresAt', expiresAt, 'error', problem, 'cached', cached)
call('ZADD', p .. ':ended', finishedAt, id)
if expiresAt ~= '' then call('ZADD', p .. ':expiries', expiresAt, id) end
move(id, tenant, nil, status)
tell('status', {id})
if status == 'succeeded' and manifest ~= '' then
  local s = call('HGET', contentHash(content), 'status')
  if s ~= 'succeeded' and s ~= 'queued' and s ~= 'rendering' then setResult(content, manifest, bytes) end
  call('SADD', refSet(content), id)
end
return 1
`);

/** Everything that a view of one render needs, in one round trip. */
export const lookScript = new RedisScript(`${prelude}
local id, now = ARGV[1], tonumber(ARGV[2])
local r = call('HMGET', renderKey(id), 'record', 'content', 'status', 'startedAt', 'finishedAt', 'expiresAt', 'error', 'cached')
if not r[1] then return {call('EXISTS', p .. ':gone:' .. id) == 1 and 'gone' or 'unknown'} end
local c = call('HMGET', contentHash(r[2]), 'status', 'run', 'startedAt', 'rendered', 'total', 'manifest')
if r[3] ~= '' then return {'ended', r, c} end
local position = false
local queue = queueOf(r[2])
if c[1] == 'queued' then position = call('ZRANK', p .. ':' .. queue .. ':prioritized', r[2] .. '-' .. (c[2] or '')) end
return {'live', r, c, position, load(now, queue)}
`);

/** What the whole installation is doing. */
export const capacityScript = new RedisScript(`${prelude}
local now = tonumber(ARGV[1])
local stations = {}
for _, name in ipairs(call('ZRANGEBYSCORE', p .. ':stations', now, '+inf')) do
  local queue, slots = stationOf(name)
  table.insert(stations, {queue, slots})
end
local counts = {}
for i, status in ipairs({'queued', 'rendering', 'succeeded', 'failed', 'canceled'}) do counts[i] = call('ZCARD', p .. ':list:' .. status) end
local s = call('HMGET', p .. ':speed', 'factor', 'jobSeconds')
return {stations, call('HGETALL', p .. ':queues'), call('SCARD', p .. ':waiting'), call('HGET', p .. ':totals', 'backlogSeconds') or '0',
  counts, s[1] or '', s[2] or '', call('GET', p .. ':bytes') or '0'}
`);
