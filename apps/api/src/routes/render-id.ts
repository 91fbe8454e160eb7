import { z } from 'zod';

/** What has the wrong shape is nobody's id: the desk answers that it does not exist. */
export const renderParams = z.looseObject({
  id: z
    .string()
    .describe('Id of the render.')
    .meta({ examples: ['01k9w6z8h3v5t2m4n7q0rcxyab'] }),
});

export const fileQuery = z.strictObject({
  download: z.stringbool().default(false).describe('true makes browsers save the file rather than play it.'),
});
