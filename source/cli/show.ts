import type { Analysis } from '../domain/analysis.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { SignalDetail } from '../domain/signal.ts';
import { exitCodes, UserError } from '../errors.ts';
import { defineCommand, type Output } from './command.ts';
import { emphasize, printJson, printText, visible } from './print.ts';
import { headline } from './signal-columns.ts';
import { cutToWidth } from './table.ts';

const barWidth = 24;
const mostEchoes = 10;
const mostDeliveries = 20;

export const showCommand = defineCommand({
  name: 'show',
  summary: 'Print everything about one signal, with its score explained',
  usage: 'show ID',
  json: 'the signal with "analysis", "factors", "explanation", "posts", "journal" and "deliveries"',
  examples: [
    { command: 'signal-harvester show 42', meaning: 'the signal that lists call 42' },
    { command: 'signal-harvester show 42 --json', meaning: 'the same for a script' },
  ],
  flags: {},
  words: { min: 1, max: 1 },
  reads: true,
  async run(context, { words }) {
    const [word = ''] = words;
    if (!/^[1-9]\d{0,15}$/.test(word)) {
      throw new UserError('invalid-id', `"${visible(word)}" is not the id of a signal.`, {
        fix: 'Give the number that "signal-harvester top" or "list" prints for it.',
      });
    }
    const harvester = await context.open();
    const signal = await harvester.signals.get(Number(word));
    if (signal === null) {
      throw new UserError('unknown-signal', `There is no signal ${word}.`, {
        fix: 'Look its number up with "signal-harvester list".',
      });
    }
    const deliveries = await harvester.notifications.list({ signalId: signal.id, limit: mostDeliveries });
    if (context.json) await printJson(context, { ...signal, deliveries });
    else {
      const told = describeDeliveries(deliveries);
      await printText(context, `${describeSignal(context, signal)}${told === null ? '' : `\n\n${told}`}`);
    }
    return exitCodes.done;
  },
});

function describeSignal(output: Output, signal: SignalDetail): string {
  const { analysis, factors } = signal;
  const facts: readonly (readonly [string, string | null])[] = [
    ['status', signal.status],
    ['salience', signal.salience?.toFixed(1) ?? 'not scored yet'],
    [
      'category',
      analysis === null
        ? 'not analyzed yet'
        : `${analysis.category} (${Math.round(analysis.confidence * 100)} % sure, by ${describeMaker(analysis)})`,
    ],
    ['feeling', analysis === null ? null : `${analysis.sentiment}, urgency ${analysis.urgency} of 5`],
    ['because', analysis?.reasoning ?? null],
    ['tags', analysis === null || analysis.tags.length === 0 ? null : analysis.tags.join(', ')],
    ['source', `${signal.source} (${signal.kind})`],
    ['author', signal.author],
    ['written', new Date(signal.createdAt).toISOString()],
    ['link', signal.url],
    ['answers', signal.parentText ?? signal.parentUrl],
    ['reactions', describeReactions(signal)],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === null ? [] : [`${name.padEnd(10)} ${visible(value)}`],
  );
  const parts = [
    emphasize(output, `Signal ${signal.id}`),
    lines.join('\n'),
    [signal.title, signal.text]
      .filter((text) => text !== null && text !== '')
      .map((text) => readable(text ?? ''))
      .join('\n\n'),
    factors === null ? null : drawFactors(factors),
    signal.explanation === null ? null : visible(signal.explanation),
    describeEchoes(output, signal),
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

/** "offline", or "openai/gpt-5-mini, prompt 1a2b3c4d". */
function describeMaker({ analyzer, model }: Analysis): string {
  return model === undefined ? analyzer : `${model.name}, prompt ${model.promptVersion}`;
}

/** Paragraphs stay; whatever a terminal would obey goes. */
function readable(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function describeReactions({ engagement, echoes }: SignalDetail): string {
  const { likes, reposts, replies, quotes } = engagement;
  return `${likes} likes, ${reposts} reposts, ${replies} replies, ${quotes} quotes, ${echoes} echoes`;
}

/** What was added as bars to one scale, and what it was multiplied by. */
function drawFactors(factors: ScoreFactors): string {
  const added = [
    ['base', factors.base],
    ['engagement', factors.engagement],
    ['urgency', factors.urgency],
  ] as const;
  const multiplied = [
    ['category', factors.category],
    ['sentiment', factors.sentiment],
    ['source', factors.source],
    ['relevance', factors.relevance],
  ] as const;
  const most = Math.max(...added.map(([, value]) => value), 1);
  const bars = added.map(([name, value]) => formatBar(name, value / most, value.toFixed(1)));
  const factorMost = Math.max(...multiplied.map(([, value]) => value), 1);
  const factorBars = multiplied.map(([name, value]) =>
    formatBar(name, value / factorMost, `× ${value.toFixed(2)}`),
  );
  return [...bars, ...factorBars].join('\n');
}

function formatBar(name: string, share: number, value: string): string {
  const filled = Math.min(barWidth, Math.max(0, Math.round(share * barWidth)));
  return `${name.padEnd(10)} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${value}`;
}

function describeEchoes(output: Output, { posts }: SignalDetail): string | null {
  const echoes = posts.slice(1);
  if (echoes.length === 0) return null;
  const lines = echoes.slice(0, mostEchoes).map((post) => {
    const line = `  ${new Date(post.createdAt).toISOString()}  ${post.source}  ${visible(headline(post))}`;
    return cutToWidth(line, output.columns);
  });
  const more = echoes.length > mostEchoes ? [`  and ${echoes.length - mostEchoes} more`] : [];
  return ['Echoes', ...lines, ...more].join('\n');
}

/** Who was told of it, newest first. */
function describeDeliveries(deliveries: readonly Delivery[]): string | null {
  if (deliveries.length === 0) return null;
  const lines = deliveries.map((delivery) => {
    const { sentAt, createdAt, notifier, rule, kind, state, lastError } = delivery;
    const why = lastError === null ? '' : `: ${visible(lastError)}`;
    return `  ${new Date(sentAt ?? createdAt).toISOString()}  ${state.padEnd(9)}  ${notifier}  ${kind} (rule ${rule})${why}`;
  });
  return ['Notifications', ...lines].join('\n');
}
