import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Makes sure that nobody listens at an address yet. Without it another stack there would answer in the place of this one and look like it.
 * @throws Error that says what to change
 */
export async function assertAddressFree(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'another program listens there; stop it'
        : `${message}; choose an address of this machine`;
    throw new Error(`Port ${port} of ${host} cannot be used: ${why}, or set PORT and HOST to something else.`);
  }
  server.close();
  await once(server, 'close');
}
