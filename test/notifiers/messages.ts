import type { Message, SignalFacts } from '../../source/domain/message.ts';
import type { Outgoing } from '../../source/ports/notifier.ts';

export const facts: SignalFacts = {
  id: 42,
  status: 'inbox',
  category: 'outage',
  sentiment: 'negative',
  urgency: 4,
  salience: 87.3,
  explanation: '87.3: urgency 16 and engagement 13.9 (4 echoes); outage ×2, negative ×1.2; 2 hours old.',
  source: 'hn',
  kind: 'hackernews',
  author: 'alice',
  title: null,
  text: 'Login is down for everybody at our office since 9:00. <!channel> & <@U012AB3CD> <https://evil.example|click>',
  url: 'https://news.example/item?id=42&x=<y>|z',
  createdAt: Date.UTC(2026, 10, 20, 9, 30),
  engagement: { likes: 12, reposts: 0, replies: 3, quotes: 0 },
  echoes: 4,
  sources: ['hn', 'x'],
  tags: ['login'],
};

export function signalMessage(change: Partial<SignalFacts> = {}, template = 'full'): Message {
  return { type: 'signal', rule: 'outages', occasion: 'new', template, signal: { ...facts, ...change } };
}

export const updateMessage: Message = {
  type: 'update',
  rule: 'outages',
  signal: facts,
  change: '+12 reports, now on hn and x',
  escalated: false,
};

export function outgoing(change: Partial<Outgoing> = {}): Outgoing {
  return {
    key: '0b9c2a52-6a2e-4c0f-9b8e-1f2d3c4b5a69',
    message: signalMessage(),
    thread: null,
    broadcast: false,
    createdAt: Date.now() - 1_000,
    ...change,
  };
}
