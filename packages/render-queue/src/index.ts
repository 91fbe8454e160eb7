export { closeOnSignals } from './close-on-signals.js';
export type { RenderDeskOptions } from './desk/desk-options.js';
export type { IdempotencyClaim } from './desk/idempotency.js';
export { type DeskHealth, RenderDesk, type RenderPage } from './desk/render-desk.js';
export { isEventId } from './desk/render-feed.js';
export type { RenderFile, RenderFileName } from './desk/render-file.js';
export type { RenderChange, RenderListener } from './desk/render-watchers.js';
export type { Submission, Submitted } from './desk/submission.js';
export {
  ConfigError,
  configExitStatus,
  EnvironmentReader,
  exitStatusOf,
  faultText,
  list,
  sharedVariables,
  whole,
} from './environment.js';
export * from './errors.js';
export { canonicalJson, contentKey } from './records/content-key.js';
export {
  type Delivery,
  type Manifest,
  type Webhook,
  type WebhookEvent,
  webhookEventSchema,
  webhookSchema,
} from './records/records.js';
export type { Recovery } from './recovery/recover.js';
export { RenderCaretaker, type RenderCaretakerOptions } from './recovery/render-caretaker.js';
export type { Sweep } from './recovery/retention.js';
export type { Capacity } from './redis/capacity.js';
export type { FaultListener } from './redis/connect.js';
export * from './render.js';
export { isRenderId, newRenderId, renderIdTime } from './render-id.js';
export { type Problem, renderProblems } from './render-problems.js';
export * from './station/render-job.js';
export { RenderStation } from './station/render-station.js';
export type { RenderStationOptions, StationEvent } from './station/station-options.js';
export { noTracing, openTracing, type TracedWork, type Tracing } from './tracing.js';
export { AddressGuard } from './webhooks/address-guard.js';
export { signWebhook, verifyWebhook, WebhookSecretError, webhookKey } from './webhooks/signature.js';
export { checkWebhookUrl, WebhookUrlError } from './webhooks/webhook-request.js';
export { WebhookSender, type WebhookSenderOptions } from './webhooks/webhook-sender.js';
