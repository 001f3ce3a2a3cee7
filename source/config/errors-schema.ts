import { z } from 'zod';

export const errorsSchema = z
  .strictObject({
    report: z
      .boolean()
      .default(false)
      .describe(
        'true agrees that errors of the program are sent, redacted, to the collector that SENTRY_DSN names; see docs/errors.md',
      ),
  })
  .prefault({})
  .describe('Errors of the program itself; they are kept in the store whatever is set here');
