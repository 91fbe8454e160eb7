/** The command line makes no sense: says why and what would. Nothing has been done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
