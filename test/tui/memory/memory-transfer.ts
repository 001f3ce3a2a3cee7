import { documentForm } from '../../../source/domain/document-form.ts';
import type { SignalDetail } from '../../../source/domain/signal.ts';
import type { SignalDocument } from '../../../source/domain/signal-document.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

/** Documents of what the memory holds; it takes nothing in. */
export function memoryTransfer(signals: Harvester['signals']): Harvester['transfer'] {
  return {
    page: async (request) => {
      const { rows, last, hasMore, capped } = await signals.page(request);
      const details = await Promise.all(rows.map(({ id }) => signals.get(id)));
      const found = details.filter((detail) => detail !== null);
      return {
        signals: found.map((detail) => ({ document: documentOf(detail), salience: detail.salience })),
        ...{ last, hasMore, capped },
      };
    },
    take: async () => {
      throw new Error('the memory takes nothing in');
    },
  };
}

function documentOf(detail: SignalDetail): SignalDocument {
  const { id, status, snooze, regressed, assignee, tags, category, urgency, rank } = detail;
  const face = { externalId: String(id), link: null, fetchedAt: detail.createdAt, ...detail };
  const posts = (detail.posts.length > 0 ? detail.posts : [face]).map(
    ({ externalId, url, link, author, title, text, createdAt, fetchedAt }) => ({
      ...{ source: detail.source, kind: detail.kind, externalId, url, link, author, title, text },
      ...{
        lang: null,
        createdAt,
        fetchedAt,
        engagement: detail.engagement,
        parentUrl: null,
        parentText: null,
      },
    }),
  );
  return {
    ...{
      document: documentForm,
      id,
      status,
      decidedAt: null,
      snooze,
      regressed,
      assignee,
      category,
      urgency,
    },
    sentiment: detail.analysis?.sentiment ?? null,
    tags: [...tags],
    correction: null,
    analysis: null,
    rank,
    factors: detail.factors === null ? null : { ...detail.factors },
    notes: [],
    posts,
  } as SignalDocument;
}
