import { RedisScript } from '../redis-script.js';
import { prelude } from './prelude.js';

/** Unfinished renders that there may be beyond one for each waiting job. */
const mostEqual = 10_000;

/**
 * Attaches a render to its content and decides what has to happen: nothing (the content is finished or under way) or a new job.
 *
 * Fair share between tenants is start-time fair queueing: a job's priority is its start tag, one more than the larger of the tenant's last tag
 * and the virtual time (the tag of the job started last). A tenant with n waiting jobs gets the place n after what runs now, however long the
 * others' lists are, and nobody starves, because virtual time moves on with every start.
 *
 * @returns the kind, and for `new` what a view of the render needs beside its request: accepting one takes one call for all of it
 */
export const joinScript = new RedisScript(`${prelude}
local id, content, tenant, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local record, seconds, ttl, cancelAt = ARGV[5], tonumber(ARGV[6]), ARGV[7], ARGV[8]
local queue = ARGV[15]
local maxQueued, tenantMax, manifest, bytes = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11], ARGV[12]

if call('EXISTS', p .. ':condemned:' .. content) == 1 then return {'condemned'} end
local c = call('HMGET', contentHash(content), 'status', 'run', 'tag')
local status, run, tag = c[1] or 'idle', tonumber(c[2]) or 0, tonumber(c[3]) or 1
local live = status == 'queued' or status == 'rendering'
if call('EXISTS', renderKey(id)) == 1 then
  if live and call('SISMEMBER', liveSet(content), id) == 1 then return {'known', run, tag, status} end
  return {'known', 0, 0, ''}
end

-- Only a complete index knows of every finished content; otherwise the storage has to be asked first.
if status ~= 'succeeded' and not live and manifest == '' and ARGV[14] ~= '1' and call('EXISTS', p .. ':index') == 0 then return {'unsure'} end

-- Recovery may come with a record that it has read before the render was deleted.
if call('EXISTS', p .. ':gone:' .. id) == 1 then return {'known', 0, 0, ''} end

local function create()
  call('HSET', renderKey(id), 'record', record, 'content', content, 'tenant', tenant, 'ttl', ttl, 'status', '')
end

if status ~= 'succeeded' and not live and manifest ~= '' then
  setResult(content, manifest, bytes)
  status = 'succeeded'
end
if status == 'succeeded' then
  create()
  call('SADD', refSet(content), id)
  endRender(id, nil, 'succeeded', ms(now), now, nil, ARGV[13] == '1')
  return {'cached'}
end

if tenantMax > 0 and (tonumber(call('HGET', p .. ':outstanding', tenant)) or 0) >= tenantMax then return {'busy'} end
if not live and maxQueued > 0 and call('SCARD', p .. ':waiting') >= maxQueued then return {'full'} end
-- Equal renders count once, but each has its records, and every change of their job names them all.
local unfinished = call('ZCARD', p .. ':list:queued') + call('ZCARD', p .. ':list:rendering')
if live and maxQueued > 0 and unfinished >= maxQueued + ${mostEqual} then return {'full'} end

if call('SCARD', p .. ':waiting') == 0 then call('DEL', p .. ':fair') end
local vt = tonumber(call('HGET', p .. ':fair', 'now')) or 0
local last = tonumber(call('HGET', p .. ':fair', 'tag:' .. tenant)) or 0
local mine = math.min(math.max(vt, last) + 1, 2097151)

create()
call('SADD', liveSet(content), id)
call('HINCRBY', p .. ':outstanding', tenant, 1)
if cancelAt ~= '' then call('ZADD', p .. ':deadlines', cancelAt, id) end
if live then
  move(id, tenant, nil, status)
  -- Whoever joins later never makes the others wait longer, but may pull the job forward.
  if status == 'queued' and mine < tag then
    call('HSET', contentHash(content), 'tag', mine)
    return {'pulled', run, mine}
  end
  return {'joined', run, tag}
end
-- Job ids must not be used twice while BullMQ remembers them: runs are numbered by the clock, so that nothing need be kept to count them.
run = math.max(run + 1, now)
move(id, tenant, nil, 'queued')
call('HSET', p .. ':fair', 'tag:' .. tenant, mine)
call('HSET', contentHash(content), 'status', 'queued', 'run', ms(run), 'tag', mine, 'tenant', tenant, 'seconds', seconds, 'queuedAt', ms(now), 'queue', queue)
call('PERSIST', contentHash(content))
wait(content, seconds)
-- BullMQ's score of a job is its priority, then its order: all jobs with this priority or a better one come before this one.
local position = call('ZCOUNT', p .. ':' .. queue .. ':prioritized', '-inf', '(' .. ms((mine + 1) * 4294967296))
return {'new', run, mine, position, load(now, queue)}
`);
