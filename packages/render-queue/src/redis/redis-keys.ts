/**
 * Names in Redis. The prefix is in braces, so that a cluster keeps everything in one slot. The Lua scripts build the same names.
 *
 *   render:<id>       hash   request record, ending; the status while unfinished is that of its content
 *   content:<key>     hash   status, run, progress and manifest of one distinct piece of work
 *   live:<key>        set    unfinished renders that wait for this content
 *   refs:<key>        set    finished renders that use its files
 *   list:<status>[:<tenant>]  sorted by id, which is by time
 *   waiting           set    contents that wait for a worker
 *   active            set    contents being rendered
 *   running:<tenant>  set    contents being rendered for a tenant
 *   outstanding       hash   unfinished renders by tenant
 *   fair              hash   virtual time and last tag by tenant, see fair-share in scripts
 *   deadlines, expiries, ended  sorted sets of ids by time
 *   events            stream of what the desks tell their watchers
 *   index             there when every ended render is indexed: nothing is deleted as unused without it
 *   queues            hash   contents that wait, by queue
 *   versions          sorted set of queues by when a station of that engine version lived last
 *   speed, totals, stations, leader, writable, deliveries:<id>, gone:<id>, condemned:<key>, idempotency:<tenant>:<key>
 *   jobs-<engine version>:*, webhooks:*  BullMQ's own
 */
export const webhookQueueName = 'webhooks';

/**
 * Jobs of one engine version have a queue of their own, so that a worker takes none whose content address names another: its audio would be given out
 * as the work of that version for ever.
 */
export function jobQueueName(engineVersion: string): string {
  return `jobs-${engineVersion.replace(/[^\w.+-]/g, '_')}`;
}

/** @param name letters, digits and dashes: separates installations and tests that share one Redis */
export function redisPrefix(name: string): string {
  return `{${name}}`;
}

export const defaultPrefix = 'musistrata';

/** BullMQ job id of one run of a content. */
export function jobIdOf(content: string, run: number): string {
  return `${content}-${run}`;
}
