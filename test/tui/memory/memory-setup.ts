import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../source/errors.ts';
import type { ProbeReport, Setup, SourceProposal } from '../../../source/harvester/setup.ts';

interface Settings {
  /** Whether the network answers. */
  readonly online?: boolean;
  /** How long a probe takes. */
  readonly probeMs?: number;
}

/** A setup without network and disk; remembers what was saved. */
export class MemorySetup implements Setup {
  readonly saved: { topic: string; proposals: readonly SourceProposal[] }[] = [];
  readonly #settings: Required<Settings>;

  constructor({ online = true, probeMs = 0 }: Settings = {}) {
    this.#settings = { online, probeMs };
  }

  propose(topic: string): readonly SourceProposal[] {
    return [
      {
        config: { name: 'hackernews', kind: 'hackernews', query: topic },
        title: 'Hacker News',
        target: topic,
      },
      {
        config: { name: 'news', kind: 'rss', url: 'https://news.example/rss' },
        title: 'Feed',
        target: `news about ${topic}`,
      },
    ];
  }

  questions() {
    return [
      {
        kind: 'rss',
        title: 'Feed',
        prompt: 'Address of a feed, or of a site that has one',
        example: 'https://example.com/blog',
      },
      {
        kind: 'file',
        title: 'File',
        prompt: 'Path of a file of posts (NDJSON, JSON or CSV)',
        example: './posts.ndjson',
      },
    ];
  }

  async answer(kind: string, answer: string, _signal: AbortSignal): Promise<SourceProposal> {
    await sleep(this.#settings.probeMs);
    if (!answer.startsWith('http') && kind === 'rss') {
      throw new UserError('not-an-address', `"${answer}" is not a web address`, {
        fix: 'Give the whole address, beginning with https://.',
      });
    }
    return {
      config: { name: 'news', kind, url: answer },
      title: kind === 'rss' ? 'Feed' : 'File',
      target: answer,
    };
  }

  async probe(proposal: SourceProposal, signal: AbortSignal): Promise<ProbeReport> {
    await sleep(this.#settings.probeMs, undefined, { signal });
    if (!this.#settings.online) {
      const error = {
        code: 'unreachable',
        message: `${proposal.config.name} could not be reached`,
        fix: 'Check the network and try again.',
      };
      return { ok: false, found: 0, examples: [], warnings: [], error };
    }
    const examples = [
      'Regional outage takes checkout API offline',
      'Ask: which one do you use?',
      'Größere Dateien 🎉',
    ];
    return { ok: true, found: 23, examples, warnings: [], error: null };
  }

  async save(topic: string, proposals: readonly SourceProposal[]): Promise<string> {
    this.saved.push({ topic, proposals });
    return '/home/ana/config.yaml';
  }
}
