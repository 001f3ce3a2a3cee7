import { exitCodes, UserError } from '../errors.ts';
import type { ProbeReport, Setup, SourceProposal } from '../harvester/setup.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { printJson, printNote, printText, visible } from './print.ts';

interface Tried {
  readonly proposal: SourceProposal;
  /** Null when it was not tried. */
  readonly report: ProbeReport | null;
}

export const initCommand = defineCommand({
  name: 'init',
  summary: 'Write a first config.yaml for a topic and feeds',
  usage: 'init --topic NAME [--feed URL]... [--no-probe]',
  details: `Proposes the sources that need no key, tries each once, and writes those that answer. A site's address is enough for --feed if the site names its feed. An existing configuration is never changed.`,
  json: '{ "path", "topic", "sources": [{ "name", "kind", "target", "ok", "found", "error" }] }',
  examples: [
    { command: 'signal-harvester init --topic "Acme Cloud"', meaning: 'keyless sources for a product' },
    {
      command: 'signal-harvester init --topic acme --feed https://acme.example/blog',
      meaning: 'and the feed of a site',
    },
    { command: 'signal-harvester init --topic acme --no-probe', meaning: 'without any network' },
  ],
  flags: {
    topic: { type: 'text', value: 'NAME', summary: 'What to listen for: a product name or keywords' },
    feed: { type: 'list', value: 'URL', summary: 'Address of a feed, or of a site that has one' },
    probe: { type: 'boolean', on: true, summary: 'Write the sources without trying them' },
  },
  words: { min: 0, max: 0 },
  async run(context, { flags }) {
    const topic = flags.topic?.trim() ?? '';
    if (topic === '' && flags.feed.length === 0) {
      throw new UserError('usage', '"init" needs to know what to listen for.', {
        fix: 'Add --topic NAME or --feed URL, or run "signal-harvester" on a terminal for the guided way.',
      });
    }
    const setup = await context.setup();
    const proposals = await proposeSources(context, setup, topic, flags.feed);
    const tried = await Promise.all(
      proposals.map((proposal) => trySource(context, setup, proposal, flags.probe)),
    );
    context.signal.throwIfAborted();
    const good = tried.filter(({ report }) => report === null || report.ok);
    if (!context.json) for (const source of tried) await printText(context, describeTried(source));
    if (good.length === 0) {
      throw new UserError('nothing-reached', 'No source answered, so nothing was written.', {
        fix: 'Look at the network and the addresses, or add --no-probe to write the file all the same.',
        exitCode: exitCodes.unreachable,
      });
    }
    const path = await setup.save(
      topic,
      good.map(({ proposal }) => proposal),
    );
    if (context.json) await printJson(context, { path, topic, sources: tried.map(toJson) });
    else await printNote(context, `Wrote ${path}; now run "signal-harvester".`);
    return good.length < tried.length ? exitCodes.partial : exitCodes.done;
  },
});

async function proposeSources(
  context: CommandContext,
  setup: Setup,
  topic: string,
  feeds: readonly string[],
): Promise<readonly SourceProposal[]> {
  const proposed = topic === '' ? [] : setup.propose(topic);
  const kind = setup.questions().find((question) => question.kind === 'rss')?.kind ?? 'rss';
  const answered = await Promise.all(feeds.map((feed) => setup.answer(kind, feed, context.signal)));
  return withOwnNames([...proposed, ...answered]);
}

/** Two feeds of one site may be proposed under one name; the file needs each name once. */
export function withOwnNames(proposals: readonly SourceProposal[]): readonly SourceProposal[] {
  const taken = new Set<string>();
  return proposals.map((proposal) => {
    let name = proposal.config.name;
    for (let count = 2; taken.has(name); count++) name = `${proposal.config.name}-${count}`;
    taken.add(name);
    return { ...proposal, config: { ...proposal.config, name } };
  });
}

async function trySource(
  context: CommandContext,
  setup: Setup,
  proposal: SourceProposal,
  probe: boolean,
): Promise<Tried> {
  return { proposal, report: probe ? await setup.probe(proposal, context.signal) : null };
}

function describeTried({ proposal, report }: Tried): string {
  const name = `${proposal.config.name} (${visible(proposal.title)}: ${visible(proposal.target)})`;
  if (report === null) return `added  ${name}`;
  if (!report.ok) return `left out  ${name}: ${visible(report.error?.message ?? 'it did not answer')}`;
  return [
    `added  ${name}: ${report.found} posts`,
    ...report.examples.map((example) => `       ${visible(example)}`),
  ].join('\n');
}

function toJson({ proposal, report }: Tried) {
  const { name, kind } = proposal.config;
  return {
    name,
    kind,
    target: proposal.target,
    ok: report?.ok ?? null,
    found: report?.found ?? null,
    error: report?.error ?? null,
  };
}
