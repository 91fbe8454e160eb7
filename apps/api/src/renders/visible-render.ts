import { type Render, RenderNotFoundError } from '@musistrata/render-queue';
import { type Caller, seesAll } from '../auth/authenticate.js';
import type { Service } from '../service.js';

/**
 * A render that the caller may see. Renders of others do not exist for it.
 * @throws RenderNotFoundError, RenderGoneError.
 */
export async function visibleRender(id: string, caller: Caller, service: Service): Promise<Render> {
  await assertVisible(id, caller, service);
  return service.desk.get(id);
}

/** @throws RenderNotFoundError when the render is somebody else's. */
export async function assertVisible(id: string, caller: Caller, service: Service): Promise<void> {
  if (!service.config.authenticated || seesAll(caller)) return;
  if ((await service.desk.tenantOf(id)) !== caller.tenant) throw new RenderNotFoundError(id);
}
