import type { Binding } from './key-binding.ts';
import { logPlaces } from './key-bindings-logs.ts';

/** The keys of feedback: what asks for it, and the answers below its diagnostics. */
export const feedbackBindings = [
  {
    keys: ['F'],
    action: 'feedback',
    help: 'say what you think of the program; it stays in your store',
    places: ['harvest', 'signals', 'detail', 'dashboard', 'retention', 'diff', ...logPlaces],
  },
  {
    keys: ['y'],
    action: 'send-with',
    help: 'keep the feedback with these diagnostics',
    hint: 'add them',
    places: ['diagnostics'],
  },
  {
    keys: ['n'],
    action: 'send-without',
    help: 'keep the feedback without diagnostics',
    hint: 'without',
    places: ['diagnostics'],
  },
] as const satisfies readonly Binding[];
