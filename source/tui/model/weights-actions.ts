import type { RunProgress } from '../../domain/run.ts';
import { describeChange } from '../../domain/score-settings.ts';
import { formatCount } from '../text/format.ts';
import type { App } from './app.ts';
import { sayError } from './messages.ts';

export function openWeights(app: App): void {
  if (app.weights.scoring) {
    app.say('signals are still being scored with the weights saved last; ctrl-c stops it');
    return;
  }
  void app.weights.open();
}

/** Asks for a number; what was typed already begins it. */
export function askWeight(app: App, typed: string): void {
  const { setting } = app.weights;
  if (setting === null || !/^[0-9.]$/.test(typed)) return;
  const { name, value, min, max } = setting;
  app.prompt.ask({
    label: name,
    hint: `a number from ${min} to ${max}; saved is ${value}`,
    text: typed,
    submit: (text) => {
      const number = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
      if (!(number >= min && number <= max)) return `write a number from ${min} to ${max}`;
      app.weights.put(number);
      return null;
    },
  });
}

export function closeWeights(app: App): void {
  const changed = Object.keys(app.weights.read().change).length > 0;
  app.weights.close();
  if (changed) app.say('nothing was saved: the weights are as they were');
}

export function confirmWeights(app: App): void {
  const { change, settings } = app.weights.read();
  const changes = settings.flatMap(({ name, value }) => {
    const now = change[name];
    return now === undefined ? [] : [`${name} ${value} → ${now}`];
  });
  if (changes.length === 0) {
    app.say('no weight is changed: + and - or a number change one, esc leaves');
    return;
  }
  if (app.harvest.running) {
    app.say('a harvest is running: save when it has ended', { tone: 'warning' });
    return;
  }
  app.update({
    question: {
      text: `save and score everything again? ${changes.join(', ')}`,
      yes: () => void app.holdingKeys(() => save(app)),
    },
  });
}

/** Saves; what was saved is scored behind the screen. */
async function save(app: App): Promise<void> {
  try {
    const { before } = await app.harvester.scoring.save(app.weights.read().change);
    app.weights.close();
    void scoreAgain(app, describeChange(before));
  } catch (error) {
    sayError(app.say, 'not saved', error);
  }
}

async function scoreAgain(app: App, before: string): Promise<void> {
  let said: string | null = null;
  const follow = (run: RunProgress) => {
    // Somebody who goes on working reads what their keys do.
    if (said !== null && app.read().message?.text !== said) return;
    said = `saved; scoring again: ${countOf(run)}`;
    app.say(said);
  };
  app.say('saved; scoring again …');
  said = app.read().message?.text ?? null;
  try {
    const run = await app.weights.score(follow);
    const whole = run.state === 'done';
    const end = whole
      ? `saved; ${formatCount(scoreStage(run).done)} signals scored again`
      : `saved; stopped at ${countOf(run)}, the next harvest goes on`;
    app.say(`${end} · it was ${before}`, { tone: whole ? 'good' : 'warning' });
  } catch (error) {
    sayError(app.say, 'saved, but not scored: the next harvest does it', error);
  }
  app.detail.forget();
  if (app.list.read().phase !== 'idle') await app.list.refresh(app.triage.settled());
}

function countOf(run: RunProgress): string {
  const { done, total } = scoreStage(run);
  return `${formatCount(done)} of ${formatCount(total)}`;
}

function scoreStage({ stages }: RunProgress): { readonly done: number; readonly total: number } {
  return stages.find(({ name }) => name === 'score') ?? { done: 0, total: 0 };
}
