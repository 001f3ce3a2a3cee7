import { z } from 'zod';
import { maxSearchLength } from '../../domain/search.ts';
import { maxViewName } from '../../domain/view.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { view } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const name = z.string().min(1).max(maxViewName);
const views = z.strictObject({ views: z.array(view) });

/** Named searches. */
export function viewRoutes(app: Server, { harvester }: ServerParts): void {
  app.get(
    '/v1/views',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({
          id: 'listViews',
          tag: 'signals',
          summary: 'Named searches, each with how many signals match',
          scope: 'read',
        }),
        response: answers({ 200: ['In the order in which they are shown', views] }),
      },
    },
    async () => ({ views: await harvester.views.list() }),
  );

  app.put(
    '/v1/views/:name',
    {
      config: { scope: 'triage', scrub: true },
      schema: {
        ...about({ id: 'saveView', tag: 'signals', summary: 'Save a view, or replace it', scope: 'triage' }),
        params: z.strictObject({ name }),
        body: z.strictObject({ query: z.string().min(1).max(maxSearchLength) }),
        response: answers({ 200: ['All views', views] }),
      },
    },
    async (request) => {
      const { name: saved } = request.params;
      const before = (await harvester.views.list()).find((each) => each.name === saved)?.query ?? null;
      await harvester.views.save({ name: saved, query: request.body.query });
      const entry = { action: 'views.save', target: saved, before, after: request.body.query };
      await harvester.audit.add(entry, actorOf(request));
      return { views: await harvester.views.list() };
    },
  );

  app.delete(
    '/v1/views/:name',
    {
      config: { scope: 'triage', scrub: true },
      schema: {
        ...about({ id: 'removeView', tag: 'signals', summary: 'Remove a saved view', scope: 'triage' }),
        params: z.strictObject({ name }),
        response: answers({ 200: ['The views that are left', views] }),
      },
    },
    async (request) => {
      const { name: removed } = request.params;
      const before = (await harvester.views.list()).find((each) => each.name === removed)?.query ?? null;
      await harvester.views.remove(removed);
      const entry = { action: 'views.remove', target: removed, before, after: null };
      await harvester.audit.add(entry, actorOf(request));
      return { views: await harvester.views.list() };
    },
  );
}
