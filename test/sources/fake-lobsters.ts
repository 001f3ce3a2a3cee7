import type { Handler } from './loopback.ts';

export interface FakeStory {
  readonly short_id: string;
  readonly created_at: string;
  readonly tags: readonly string[];
  readonly [field: string]: unknown;
}

/**
 * Lobsters' lists as JSON: newest first, 25 on a page, `/page/N` after the
 * first, 404 for a tag that does not exist, several tags with commas; and
 * one story at `/s/<short_id>.json`, with its comments, 404 when it is gone.
 * One that was merged into another leads there.
 */
export function fakeLobsters(stories: readonly FakeStory[], pageSize = 25): Handler {
  return (request, response) => {
    const id = /^\/s\/([a-z0-9]+)\.json$/.exec(request.url ?? '')?.[1];
    if (id !== undefined) {
      const story = stories.find((each) => each.short_id === id);
      if (!story || !request.headers['user-agent']) return void response.writeHead(404).end('404');
      if (typeof story.merged_into === 'string') {
        return void response.writeHead(302, { location: `/s/${story.merged_into}.json` }).end();
      }
      response.setHeader('content-type', 'application/json; charset=utf-8');
      return void response.end(JSON.stringify({ ...story, comments: [{ short_id: 'c1', score: 99 }] }));
    }
    const match = /^\/(newest|t\/[^/]+?|domains\/[^/]+?)(?:\/page\/(\d+))?\.json$/.exec(request.url ?? '');
    const [, list = '', page = '1'] = match ?? [];
    const [kind, names = ''] = list.split('/');
    const tags = new Set(stories.flatMap((story) => story.tags));
    const isKnown = kind !== 't' || names.split(',').every((tag) => tags.has(tag));
    if (!match || !isKnown || !request.headers['user-agent']) return void response.writeHead(404).end('404');
    const shown = stories
      .filter((story) => kind !== 't' || names.split(',').some((tag) => story.tags.includes(tag)))
      .filter((story) => kind !== 'domains' || String(story.url).includes(`//${names}/`))
      .sort((left, right) => Date.parse(right.created_at) - Date.parse(left.created_at))
      .slice((Number(page) - 1) * pageSize, Number(page) * pageSize);
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(shown));
  };
}
