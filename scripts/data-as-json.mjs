import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

/**
 * Writes the word pieces by which languages are told apart as a text that is
 * parsed when it is needed. As the object in the source that they are, the
 * engine compiles a megabyte of code for them, which took 84 MB of memory
 * instead of 29, and keeps it.
 */
export const dataAsJson = {
  name: 'data-as-json',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]eld[\\/]src[\\/]ngrams[\\/]\w+\.js$/ }, async ({ path }) => {
      const { ngramsData, ...others } = await import(pathToFileURL(path).href);
      const json = JSON.stringify(ngramsData);
      if (Object.keys(others).length > 0 || !isDeepStrictEqual(JSON.parse(json), ngramsData)) {
        throw new Error(`${path} holds more than data: see scripts/data-as-json.mjs`);
      }
      return { contents: `export const ngramsData = JSON.parse(${JSON.stringify(json)});`, loader: 'js' };
    });
  },
};
