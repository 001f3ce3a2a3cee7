import { addSourcesToFile } from '../config/edit.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { writeStartingConfig } from '../config/write.ts';
import { UserError } from '../errors.ts';
import type { FeedList } from '../harvester/feed-list.ts';
import type { Setup } from '../harvester/setup.ts';
import { sourceSchema } from '../sources/open.ts';
import { comparableUrl, maxOpmlBytes, nameFeeds, readOpml, writeOpml } from '../sources/opml.ts';
import { answerQuestion, probeSource, proposeSources, sourceQuestions } from '../sources/probe.ts';
import { openTools } from './sources.ts';

/** What the first-run wizard and `init` work with; the configuration is written into `folder`. */
export async function composeSetup(folder: string): Promise<Setup> {
  const { tools } = openTools(loadConfig({ sourceSchema, cwd: folder, env: process.env }));
  return {
    propose: (topic) => proposeSources(topic),
    questions: () => sourceQuestions(),
    answer: (kind, answer, signal) => answerQuestion(kind, answer, tools, signal),
    probe: ({ config }, signal) => probeSource(config, tools, signal),
    save: (topic, proposals) =>
      writeStartingConfig(folder, { topic, sources: proposals.map(({ config }) => config) }),
  };
}

/** The feeds of a configuration as a list to import and export; asks no server. */
export async function composeFeedList({ config, path, profile }: LoadedConfig): Promise<FeedList> {
  const urls = config.sources.flatMap(({ name, kind, url }) =>
    kind === 'rss' && typeof url === 'string' ? [{ name, url }] : [],
  );
  return {
    maxBytes: maxOpmlBytes,
    write: () => ({
      opml: writeOpml(config.topic === '' ? 'Signal Harvester' : config.topic, urls),
      feeds: urls.length,
    }),
    add: async (opml) => {
      if (path === null) throw noConfig();
      const { feeds, repeated, warnings } = await readOpml(opml);
      if (feeds.length === 0) throw noFeeds(warnings);
      const present = new Set(urls.map(({ url }) => comparableUrl(url)));
      const fresh = feeds.filter(({ url }) => !present.has(url));
      const added = nameFeeds(
        fresh,
        config.sources.map(({ name }) => name),
      );
      const entries = added.map(({ name, url }) => ({ name, kind: 'rss', url }));
      if (entries.length > 0) await addSourcesToFile(path, entries, profile);
      return { path, added, known: repeated + feeds.length - fresh.length, warnings };
    },
  };
}

function noConfig(): UserError {
  return new UserError('no-config', 'There is no configuration file that the feeds could be added to.', {
    fix: 'Run "signal-harvester init --topic NAME" to make one, then import again.',
  });
}

function noFeeds(warnings: readonly string[]): UserError {
  const why = warnings.length === 0 ? '' : `: ${warnings[0]}`;
  return new UserError('no-feeds', `The list names no feed that could be added${why}`, {
    fix: 'Look whether its outlines have an xmlUrl with a web address.',
  });
}
