import stringWidth from '../cached-string-width.ts';
import { fitOf } from '../layout.ts';
import type { AppState } from '../model/app.ts';
import type { PromptState } from '../model/prompt-desk.ts';
import { cutText } from '../text/fit-text.ts';
import { type Line, span } from '../text/spans.ts';
import { promptLine } from './prompt-line.ts';

/** The line above the footer: what is asked, or else what the last key did. */
export function messageLine(
  { question, message, size }: Pick<AppState, 'question' | 'message' | 'size'>,
  { request, prompt }: Pick<PromptState, 'request' | 'prompt'>,
): Line {
  if (question !== null) return questionLine(question.text, size.columns);
  if (request !== null) {
    const label = cutText(request.label, Math.max(8, Math.floor(size.columns / 2)));
    return promptLine(prompt, size.columns, ` ${label}: `);
  }
  if (message !== null) {
    const undo: Line = message.undo ? [span('   u', 'strong'), span(' undo', 'quiet')] : [];
    const room = size.columns - 1 - (message.undo ? 9 : 0);
    return [span(' '), span(cutText(message.text, room), message.tone), ...undo];
  }
  return fitOf(size) === 'compact' ? [span(' small window: 60x16 shows everything', 'quiet')] : [];
}

/** The whole line is the question's; the footer has the answers. */
function questionLine(text: string, columns: number): Line {
  const room = columns - 1 - stringWidth('  y/N');
  return stringWidth(text) <= room
    ? [span(` ${text}`, 'warning'), span('  y/N', 'strong')]
    : [span(` ${cutText(text, columns - 1)}`, 'warning')];
}

/** Below a prompt: what is wrong with it, or what may be written. */
export function hintLine({ request, problem }: PromptState, columns: number): Line {
  const ways: Line = [
    span('Enter', 'strong'),
    span(' done  ', 'quiet'),
    span('Esc', 'strong'),
    span(' back', 'quiet'),
  ];
  const room = Math.max(0, columns - 24);
  if (problem !== null) return [span(` ✕ ${cutText(problem, columns - 4)}`, 'bad')];
  return [span(` ${cutText(request?.hint ?? '', room)}`, 'quiet'), span('  '), ...ways];
}
