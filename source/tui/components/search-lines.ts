import stringWidth from '../cached-string-width.ts';
import type { SearchState } from '../model/search-desk.ts';
import { cutText } from '../text/fit-text.ts';
import { type Line, span } from '../text/spans.ts';
import { promptLine } from './prompt-line.ts';

const label = ' / ';

/** The search as it is typed. */
export function searchLine({ prompt }: Pick<SearchState, 'prompt'>, columns: number): Line {
  return promptLine(prompt, columns, label);
}

/** Below it: what is wrong, pointing at the character; or what tab offers; or what may be done. */
export function searchHintLine({ prompt, problem, offers, offered }: SearchState, columns: number): Line {
  if (problem !== null) {
    const text = prompt.characters.join('');
    const at = stringWidth(label) + stringWidth(text.slice(0, problem.start ?? 0));
    const points = problem.start !== null && stringWidth(text) + stringWidth(label) + 1 < columns;
    const words = ` ✕ ${problem.message}`;
    if (!points) return [span(words, 'bad')];
    // The words stand behind the mark, or before it where there is no room.
    return at + 2 + stringWidth(words) <= columns || at < columns / 2
      ? [span(' '.repeat(at)), span('^', 'bad'), span(cutText(words, columns - at - 1), 'bad')]
      : [span(cutText(words, at - 1).padEnd(at), 'bad'), span('^', 'bad')];
  }
  if (offers.length > 0) {
    const around = offers.slice(Math.max(0, offered));
    return [
      span(' '),
      ...around.flatMap(
        ({ text, hint }, index): Line => [
          span(text, index === 0 ? 'strong' : 'plain'),
          span(index === 0 && hint !== '' ? ` ${hint}   ` : '  ', 'quiet'),
        ],
      ),
    ];
  }
  return [
    span(' category:bug -is:echo author:@joe score:>70 since:24h "exact words"  ', 'quiet'),
    span('Tab', 'strong'),
    span(' completes  ', 'quiet'),
    span('Esc', 'strong'),
    span(' back', 'quiet'),
  ];
}
