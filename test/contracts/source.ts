import { describe, expect, test } from 'vitest';
import type { Cursor, Page, Source } from '../../source/ports/source.ts';

/** A place with known content, set up for one test. */
export interface SourceWorld {
  /** The source under test; every call gives a new instance on the same content. */
  open(): Source;
  /** The external ids of every readable item: enough of them for at least three pages. */
  readonly ids: readonly string[];
  /** True when the content also holds an item that cannot be read. */
  readonly hasBrokenItem: boolean;
  /** From the n-th request on (0 is the next) the place fails; null mends it. Absent where there is no server. */
  failFrom?(request: number | null): void;
  /** Items written after the world was set up; returns their ids. */
  add(count: number): readonly string[];
}

const never = new AbortController().signal;
const idsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts.map((post) => post.externalId));
const sorted = (ids: Iterable<string>) => [...new Set(ids)].sort();

/** The promises of `ports/source.ts`, to be kept by every kind of source. */
export function describeSourceContract(name: string, setup: () => Promise<SourceWorld>): void {
  describe(`${name} keeps the contract of a source`, () => {
    test('a whole fetch returns every item, under ids that are unique and stable', async () => {
      const world = await setup();
      const first = await fetchAll(world.open(), null);
      const again = await fetchAll(world.open(), null);
      expect(first.length).toBeGreaterThanOrEqual(3);
      expect(sorted(idsOf(first))).toEqual(sorted(world.ids));
      expect(idsOf(first)).toHaveLength(world.ids.length);
      expect(idsOf(again)).toEqual(idsOf(first));
    });

    test('every draft is complete and plain data', async () => {
      const world = await setup();
      for (const page of await fetchAll(world.open(), null)) {
        for (const post of page.posts) {
          expect(post.externalId).not.toBe('');
          expect(post.title !== null || post.text !== '').toBe(true);
          expect(post.url === null || /^https?:\/\//.test(post.url)).toBe(true);
          expect(post.createdAt === null || Number.isInteger(post.createdAt)).toBe(true);
          for (const count of Object.values(post.engagement)) {
            expect(Number.isInteger(count) && count >= 0).toBe(true);
          }
          expect(JSON.parse(JSON.stringify(post))).toEqual(post);
        }
        expect(Object.values(page.cursor).every((value) => value === null || typeof value !== 'object')).toBe(
          true,
        );
      }
    });

    test('a consumer that stops after any page loses nothing by resuming there', async () => {
      const world = await setup();
      const pages = await fetchAll(world.open(), null);
      for (let stop = 0; stop < pages.length; stop += 1) {
        const taken = await fetchAll(world.open(), null, stop + 1);
        const rest = await fetchAll(world.open(), stored(taken.at(-1)));
        expect(sorted([...idsOf(taken), ...idsOf(rest)])).toEqual(sorted(world.ids));
      }
    });

    test('a consumer that stops after every page still comes to the end', async () => {
      const world = await setup();
      const seen = new Set<string>();
      let cursor: Cursor | null = null;
      for (let turn = 0; turn < 50 && seen.size < world.ids.length; turn += 1) {
        const [page] = await fetchAll(world.open(), cursor, 1);
        for (const id of idsOf(page ? [page] : [])) seen.add(id);
        cursor = stored(page) ?? cursor;
      }
      expect(sorted(seen)).toEqual(sorted(world.ids));
    });

    test('a second fetch adds nothing new, and a third finds what was written since', async () => {
      const world = await setup();
      const first = await fetchAll(world.open(), null);
      const second = await fetchAll(world.open(), stored(first.at(-1)));
      expect(idsOf(second).filter((id) => !world.ids.includes(id))).toEqual([]);
      const cursor = stored(second.at(-1) ?? first.at(-1));
      const added = world.add(3);
      const third = await fetchAll(world.open(), cursor);
      expect(idsOf(third)).toEqual(expect.arrayContaining([...added]));
    });

    test('what cannot be read is a warning and costs nothing else', async () => {
      const world = await setup();
      const pages = await fetchAll(world.open(), null);
      expect(pages.flatMap((page) => page.warnings).length > 0).toBe(world.hasBrokenItem);
      expect(sorted(idsOf(pages))).toEqual(sorted(world.ids));
    });

    test('an abort ends the iteration with its reason', async () => {
      const world = await setup();
      const early = AbortSignal.abort(new Error('too early'));
      await expect(consume(world.open(), early, () => {})).rejects.toThrow('too early');
      const stop = new AbortController();
      let pages = 0;
      const stopped = consume(world.open(), stop.signal, () => {
        pages += 1;
        stop.abort(new Error('enough'));
      });
      await expect(stopped).rejects.toThrow('enough');
      expect(pages).toBe(1);
    });

    test('a place that fails at any request loses nothing once it is well again', async (context) => {
      const world = await setup();
      const { failFrom } = world;
      if (!failFrom) return context.skip();
      for (let request = 0; request < 4; request += 1) {
        failFrom(request);
        const taken: Page[] = [];
        await consume(world.open(), never, (page) => void taken.push(page)).catch((error) => {
          expect(error).toMatchObject({ code: expect.any(String), fix: expect.any(String) });
        });
        failFrom(null);
        const rest = await fetchAll(world.open(), stored(taken.at(-1)));
        expect(sorted([...idsOf(taken), ...idsOf(rest)])).toEqual(sorted(world.ids));
      }
    });
  });
}

/** A cursor as it comes back from the store. */
function stored(page: Page | undefined): Cursor | null {
  return page ? JSON.parse(JSON.stringify(page.cursor)) : null;
}

async function fetchAll(
  source: Source,
  cursor: Cursor | null,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of source.fetch({ cursor, signal: never })) {
    pages.push(page);
    if (pages.length >= atMost) break;
  }
  return pages;
}

async function consume(source: Source, signal: AbortSignal, onPage: (page: Page) => void): Promise<void> {
  for await (const page of source.fetch({ cursor: null, signal })) onPage(page);
}
