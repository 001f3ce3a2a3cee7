import { fitOf } from '../layout.ts';
import type { AppState } from '../model/app.ts';
import { type Line, span } from '../text/spans.ts';

/** The line above the footer: a question, or else what the last key did. */
export function messageLine({
  question,
  message,
  size,
}: Pick<AppState, 'question' | 'message' | 'size'>): Line {
  if (question === 'quit') {
    return [
      span(' A harvest is running. Stop it and quit? ', 'warning'),
      span('y', 'strong'),
      span(' yes  '),
      span('n', 'strong'),
      span(' no (Enter)'),
    ];
  }
  if (message !== null) {
    const undo: Line = message.undo ? [span('   u', 'strong'), span(' undo', 'quiet')] : [];
    return [span(' '), span(message.text, message.tone), ...undo];
  }
  return fitOf(size) === 'compact' ? [span(' small window: 60x16 shows everything', 'quiet')] : [];
}
