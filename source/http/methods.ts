import type { FastifyInstance } from 'fastify';

/** Which methods an address has: for the answer to one that it has not. */
export class KnownMethods {
  readonly #routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** Watches what is registered on `app` from now on. */
  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      // One that takes every address, as CORS has it, says nothing of this one.
      if (url === '*' || url === '/*') return;
      let route = this.#routes.get(url);
      if (route === undefined) {
        route = { pattern: patternOf(url), methods: new Set() };
        this.#routes.set(url, route);
      }
      for (const each of [method].flat()) route.methods.add(each.toUpperCase());
    });
  }

  /** In alphabetical order, with OPTIONS; none for an address that does not exist. */
  of(path: string): readonly string[] {
    const own = this.#routes.get(path);
    const routes =
      own === undefined ? [...this.#routes.values()].filter(({ pattern }) => pattern.test(path)) : [own];
    if (routes.length === 0) return [];
    return [...new Set(['OPTIONS', ...routes.flatMap(({ methods }) => [...methods])])].toSorted();
  }
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
