import { z } from 'zod';

/** What an upload may be called: safe as the name of a file or folder on every system, and in an address. */
export const uploadName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ()+_-]{0,99}$/,
    'must be 1 to 100 letters, digits, spaces and ( ) + _ -, the first a letter or digit',
  );
