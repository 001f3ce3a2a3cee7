import { accessRoutes } from './routes/access.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { careRoutes } from './routes/care.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { errorRoutes } from './routes/errors.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/export.ts';
import { feedRoutes } from './routes/feed.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { flagRoutes } from './routes/flags.ts';
import { insightRoutes } from './routes/insight.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { operationRoutes } from './routes/operation.ts';
import { postRoutes } from './routes/posts.ts';
import { reportRoutes } from './routes/report.ts';
import { runRoutes } from './routes/runs.ts';
import { signalRoutes } from './routes/signals.ts';
import { timingRoutes } from './routes/timings.ts';
import { usageRoutes } from './routes/usage.ts';
import { viewRoutes } from './routes/views.ts';

/** Every route, in the order of the document. */
export const routes = [
  signalRoutes,
  bulkRoutes,
  runRoutes,
  timingRoutes,
  postRoutes,
  accessRoutes,
  invitationRoutes,
  flagRoutes,
  feedRoutes,
  exportRoutes,
  viewRoutes,
  insightRoutes,
  reportRoutes,
  careRoutes,
  deliveryRoutes,
  errorRoutes,
  eventRoutes,
  feedbackRoutes,
  usageRoutes,
  operationRoutes,
] as const;
