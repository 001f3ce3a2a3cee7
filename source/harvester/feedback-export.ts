import { cleanText } from '../domain/clean.ts';
import { formatCsvRecord } from '../domain/csv.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { FeedbackDesk } from './feedback.ts';

const pageSize = 200;

export const feedbackFormats = ['json', 'ndjson', 'csv'] as const;
export type FeedbackFormat = (typeof feedbackFormats)[number];

/** Columns of the CSV. Their order is a promise: new ones come last. */
const csvColumns: Readonly<Record<string, (feedback: Feedback) => string | number | null>> = {
  id: ({ id }) => id,
  at: ({ at }) => new Date(at).toISOString(),
  mood: ({ mood }) => mood,
  text: ({ text }) => cleanText(text),
  screen: ({ screen }) => screen,
  version: ({ version }) => version,
  via: ({ via }) => via,
  actor: ({ actor }) => actor,
  diagnostics: ({ diagnostics }) => (diagnostics === null ? null : JSON.stringify(diagnostics)),
};

/** All feedback, newest first, in pieces of text that follow each other. */
export async function* exportFeedback(
  desk: Pick<FeedbackDesk, 'list'>,
  format: FeedbackFormat,
): AsyncGenerator<string> {
  let count = 0;
  if (format === 'csv') yield formatCsvRecord(Object.keys(csvColumns));
  if (format === 'json') yield '[';
  for await (const each of allFeedback(desk)) {
    if (format === 'csv') yield formatCsvRecord(Object.values(csvColumns).map((read) => read(each)));
    else if (format === 'ndjson') yield `${JSON.stringify(each)}\n`;
    else yield `${count === 0 ? '' : ','}\n  ${JSON.stringify(each)}`;
    count += 1;
  }
  if (format === 'json') yield count === 0 ? ']\n' : '\n]\n';
}

async function* allFeedback(desk: Pick<FeedbackDesk, 'list'>): AsyncGenerator<Feedback> {
  let before: number | undefined;
  for (;;) {
    const page = await desk.list({ limit: pageSize, ...(before === undefined ? {} : { before }) });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < pageSize || before === undefined) return;
  }
}
