import type { App } from '../model/app.ts';
import { textOfPrompt } from '../model/prompt.ts';
import { describeOrder } from '../model/signal-filter.ts';
import { weightWords } from '../model/weights-desk.ts';
import { diffLines } from '../screens/retention/diff-lines.ts';
import { detailLines } from '../screens/signals/detail-lines.ts';
import { textOf } from '../screens/signals/row-lines.ts';
import { cleanLine } from '../text/clean-line.ts';
import { describeRun } from '../text/describe-run.ts';
import { formatAgo, formatCount, formatScore, plural } from '../text/format.ts';
import type { Line } from '../text/spans.ts';
import { dashboardWords } from './spoken-dashboard.ts';
import { logWords } from './spoken-logs.ts';
import { retentionWords } from './spoken-retention.ts';

/** What would be read aloud now, by subject; a subject whose words have changed is read. */
export interface Spoken {
  readonly place: string;
  readonly item: string;
  readonly message: string;
}

const readable = 10_000;

/** The current item, the prompt and the message, as plain lines without drawing. */
export function spokenOf(app: App): Spoken {
  const { question, message } = app.read();
  const said = message === null ? '' : `${message.text}${message.undo ? '; u takes it back' : ''}`;
  if (question !== null) {
    const details = question.details === undefined ? '' : ` ${question.details.join(' ')}`;
    return { place: 'question', item: `${question.text}${details} y or N`, message: '' };
  }
  return { place: placeWords(app), item: clean(itemWords(app)), message: cleanLine(said) };
}

function placeWords(app: App): string {
  const place = app.place();
  const { filter, order, count } = app.list.read();
  switch (place) {
    case 'harvest':
      return 'Harvest screen. h harvests, 2 goes to the signals, question mark lists the keys, q quits.';
    case 'signals': {
      const many = count === null ? '' : `, ${formatCount(count.count)}${count.capped ? ' or more' : ''}`;
      return `Signals, ${filter}${many}, ${describeOrder(order)}.`;
    }
    case 'detail':
      return 'One signal.';
    case 'dashboard':
      return 'Dashboard. j and k go through the rows, tab through the panes, h and l through time; enter shows the signals, w another window, v a view.';
    case 'retention':
      return 'Retention screen. n makes a snapshot, v verifies, r restores, x removes; arrows choose a rule, plus and minus turn it.';
    case 'diff':
      return 'What differs. Esc goes back.';
    case 'logs':
      return 'Log of the program. f changes the level, slash finds, Enter reads all of an entry, tab goes to the errors.';
    case 'errors':
      return 'Errors of the program. r resolves, u opens again, Enter reads all of one, tab goes to the log.';
    case 'record':
      return 'All of it. Esc goes back.';
    case 'menu':
      return `Menu: ${app.menu.read().menu?.title ?? ''}. Arrows choose, Enter takes, Esc goes back.`;
    case 'palette':
      return 'Everything that can be done here. Type to find, arrows choose, Enter does it, Esc goes back.';
    case 'prompt':
      return `${app.prompt.read().request?.label ?? ''}? ${app.prompt.read().request?.hint ?? ''}`;
    case 'search':
      return 'Search. Tab completes, Enter keeps, Esc goes back.';
    case 'split':
      return 'Which echoes are about something else? Space chooses, Enter splits them off.';
    case 'weights':
      return 'Weights of the score. Plus, minus or a number changes one, Enter saves, Esc leaves.';
    case 'diagnostics':
      return 'Add these diagnostics to your feedback? y adds them, n keeps it without, Esc keeps nothing.';
    default:
      return '';
  }
}

function itemWords(app: App): string {
  switch (app.place()) {
    case 'harvest':
      return harvestWords(app);
    case 'signals':
      return rowWords(app);
    case 'detail':
      return wholeWords(app);
    case 'dashboard':
      return dashboardWords(app);
    case 'retention':
      return retentionWords(app);
    case 'diff': {
      const { diff } = app.snapshots.read();
      return diff === null ? '' : plainLines(diffLines(diff, readable));
    }
    case 'logs':
    case 'errors':
    case 'record':
      return logWords(app);
    case 'menu': {
      const { menu, index } = app.menu.read();
      const item = menu?.items[index];
      const at = `${index + 1} of ${menu?.items.length ?? 0}`;
      return item === undefined ? '' : `${at}: ${item.key}, ${item.label} ${item.note ?? ''}`;
    }
    case 'palette': {
      const { shown, index, prompt } = app.palette.read();
      const entry = shown[index];
      const typed = textOfPrompt(prompt);
      const at = `${typed === '' ? '' : `"${typed}": `}${index + 1} of ${shown.length}`;
      return entry === undefined
        ? `"${typed}": nothing is called that`
        : `${at}: ${entry.help}. ${entry.keys}`;
    }
    case 'prompt': {
      const { prompt, problem } = app.prompt.read();
      return problem ?? prompt.characters.join('');
    }
    case 'search': {
      const { prompt, problem } = app.search.read();
      return problem?.message ?? prompt.characters.join('');
    }
    case 'split': {
      const { posts, cursor, chosen } = app.split.read();
      const post = posts[cursor.index];
      if (post === undefined) return '';
      const state = chosen.has(post.id) ? 'chosen' : 'stays';
      return `${cursor.index + 1} of ${posts.length}, ${state}: ${post.source}, ${post.author ?? ''}: ${textOf(post)}`;
    }
    case 'weights':
      return weightWords(app.weights.read());
    case 'diagnostics':
      return app.feedback.read().lines.join('\n');
    default:
      return '';
  }
}

function harvestWords(app: App): string {
  const { phase, progress, error } = app.harvest.read();
  if (phase === 'running') return 'harvesting';
  if (phase === 'failed')
    return error === null ? 'the harvest failed' : `${error.message} ${error.fix ?? ''}`;
  return phase === 'finished' && progress !== null ? describeRun(progress).text : '';
}

function rowWords(app: App): string {
  const { window, cursor, phase, error, fresh } = app.list.read();
  const row = window.rows[cursor.index];
  if (phase === 'failed') return `the signals could not be read: ${error?.message ?? ''} R tries again`;
  if (row === undefined) return phase === 'ready' ? 'there is no signal here' : '';
  const marked = app.marks.read().all !== null || app.list.markedIds().includes(row.id);
  const parts = [
    window.moreBefore ? '' : `${cursor.index + 1}`,
    marked ? 'marked' : '',
    row.status,
    row.regressed ? 'regressed' : '',
    `score ${formatScore(row.salience)}`,
    row.category ?? 'not analyzed',
    row.echoes > 0 ? plural(row.echoes, 'echo', 'echoes') : '',
    row.source,
    formatAgo(row.createdAt, app.now()),
    row.assignee === null ? '' : `assigned to ${row.assignee}`,
  ];
  const more = fresh > 0 ? ` (${fresh} new above, R reads them)` : '';
  return `${parts.filter((part) => part !== '').join(', ')}: ${textOf(row)}${more}`;
}

function wholeWords(app: App): string {
  const { row } = app.list;
  const { id, detail, deliveries } = app.detail.read();
  if (row === null || id !== row.id || detail === null) return '';
  return plainLines(detailLines({ row, detail, deliveries }, readable, app.now()));
}

function plainLines(lines: readonly Line[]): string {
  return lines.map((line) => line.map(({ text }) => text.trimEnd()).join(' ')).join('\n');
}

/** Without bars, rules and other drawing. */
function clean(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      cleanLine(line)
        .replaceAll(/[─█▏▎▍▌▋▊▉·]{2,}/g, ' ')
        .replaceAll(/ {2,}/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}
