/** What is left to do after the work under way, in seconds: Redis and storage are told, connections closed. */
const CLOSING_SECONDS = 10;

/**
 * Ends this process in order on SIGTERM or SIGINT: status 0 once `close` is done. A second signal means now, and so does the time when it should be done: with Redis
 * gone it never would be. What was under way is then taken over when its lock runs out.
 *
 * @param drainSeconds how long `close` lets work under way go on
 */
export function closeOnSignals(close: () => Promise<void>, drainSeconds: number): void {
  const stop = () => {
    process.once('SIGTERM', () => process.exit(1));
    process.once('SIGINT', () => process.exit(1));
    setTimeout(() => process.exit(1), (drainSeconds + CLOSING_SECONDS) * 1000);
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
