import { type Diagnostics, type Mood, moods, mostFeedbackCharacters } from '../../domain/feedback.ts';
import type { App } from './app.ts';
import { sayError } from './messages.ts';

const moodKeys: Readonly<Record<Mood, string>> = { good: 'g', neutral: 'n', bad: 'b' };
const moodNotes: Readonly<Record<Mood, string>> = {
  good: 'it helps me',
  neutral: 'a remark, an idea',
  bad: 'it is in my way, or broken',
};

/** Text, then mood, then whether diagnostics may be added, with all of them on screen. Nothing is kept before the last answer. */
export function askFeedback(app: App): void {
  const screen = app.screenPlace();
  app.prompt.ask({
    label: 'feedback',
    hint: 'what is good, what is in your way?',
    text: app.feedback.draft,
    submit: (typed) => {
      const text = typed.trim();
      if (text === '') return 'a few words are needed; Esc leaves';
      if (text.length > mostFeedbackCharacters)
        return `${text.length} characters; at most ${mostFeedbackCharacters}`;
      app.feedback.draft = text;
      askMood(app, text, screen);
      return null;
    },
  });
}

function askMood(app: App, text: string, screen: string): void {
  app.menu.open({
    title: 'how do you find it?',
    items: moods.map((mood) => ({
      key: moodKeys[mood],
      label: mood,
      note: moodNotes[mood],
      run: () => void app.holdingKeys(() => showDiagnostics(app, { text, mood, screen })),
    })),
  });
}

interface Draft {
  readonly text: string;
  readonly mood: Mood;
  readonly screen: string;
}

async function showDiagnostics(app: App, draft: Draft): Promise<void> {
  app.say('gathering diagnostics to show you; nothing is kept yet');
  try {
    const bundle = await app.harvester.feedback.diagnostics(app.terminalFacts());
    app.update({ message: null });
    app.feedback.show(bundle, (agreed) => void send(app, draft, agreed));
  } catch (error) {
    sayError(app.say, 'there are no diagnostics to add', error);
    await send(app, draft, null);
  }
}

/** Nothing is kept. */
export function leaveFeedback(app: App): void {
  app.feedback.close();
  app.say('nothing was kept; F brings your words back');
}

async function send(app: App, draft: Draft, diagnostics: Diagnostics | null): Promise<void> {
  try {
    const { id } = await app.harvester.feedback.send(
      { ...draft, version: app.version, diagnostics },
      { via: 'tui', actor: 'analyst' },
    );
    app.feedback.draft = '';
    const added = diagnostics === null ? 'without diagnostics' : 'with diagnostics';
    app.say(`thank you: kept as feedback ${id}, ${added}`, { tone: 'good' });
  } catch (error) {
    sayError(app.say, 'the feedback was not kept (F brings your words back)', error);
  }
}
