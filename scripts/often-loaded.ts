/**
 * What nearly every start loads: a list, and the threads and the screen of the
 * terminal app. The build puts it, with all that it imports, into one file
 * (scripts/build.mjs). Nothing here may import zod, Kysely or Ink.
 */
import '../source/cli/flag-value.ts';
import '../source/cli/list.ts';
import '../source/cli/report-error.ts';
import '../source/cli/session.ts';
import '../source/compose/config.ts';
import '../source/compose/lazy-log.ts';
import '../source/compose/logger.ts';
import '../source/compose/reading.ts';
import '../source/compose/timings.ts';
import '../source/domain/delivery.ts';
import '../source/domain/document-form.ts';
import '../source/domain/flags.ts';
import '../source/domain/triage.ts';
import '../source/error-recorder.ts';
import '../source/harvester/breadcrumbs.ts';
import '../source/harvester/deferred.ts';
import '../source/harvester/errors.ts';
import '../source/harvester/reading.ts';
import '../source/harvester/remote.ts';
