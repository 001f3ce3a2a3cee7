import { z } from 'zod';
import { sentiments } from '../domain/analysis.ts';
import { signalStatuses } from '../domain/signal.ts';
import { insight } from './routes/insight.ts';
import { time } from './schemas.ts';

const text = z.string();
const count = z.int().min(0);

const exampleShape = {
  id: z.int(),
  status: z.enum(signalStatuses),
  title: text.nullable(),
  text: text.describe('Of the lead post, cut'),
  author: text.nullable(),
  source: text,
  url: text.nullable(),
  createdAt: time,
  echoes: count,
  category: text.nullable(),
  sentiment: z.enum(sentiments).nullable(),
  urgency: z.int().min(0).max(5).nullable(),
  salience: z.number().min(0).max(100).nullable().describe('As if read at the moment of writing'),
};

/** What a team is told of a span: `Report` of domain/report.ts. */
export const reportSchema = z.strictObject({
  version: z.literal(1).describe('One higher when a field is taken away or changed'),
  topic: text,
  madeAt: time,
  timeZone: text,
  view: text.nullable(),
  search: text.nullable(),
  insight,
  categories: z.array(
    z.strictObject({
      category: text,
      description: text,
      examples: z.array(z.strictObject(exampleShape)).describe('Most salient first'),
    }),
  ),
  decisions: z.strictObject({
    decisions: count,
    signals: count,
    outcomes: z.array(z.strictObject({ outcome: text, signals: count })),
    people: z.array(
      z.strictObject({
        actor: text,
        decisions: count,
        signals: count,
        medianToDecisionMs: z.number().nullable(),
      }),
    ),
    escalated: z.array(z.strictObject({ ...exampleShape, by: text, decidedAt: time })),
    capped: z.boolean(),
  }),
  method: z.strictObject({
    programVersion: text,
    analyzers: z.array(z.strictObject({ analyzer: text, signals: count, capped: z.boolean() })),
    unanalyzed: z.strictObject({ signals: count, capped: z.boolean() }),
    failing: z.array(text),
    examplesPerCategory: count,
    examplesCapped: z.boolean().describe('Time was up: the beginning of the span was not looked through'),
  }),
});
