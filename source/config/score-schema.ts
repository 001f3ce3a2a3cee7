import { z } from 'zod';
import { scoreRanges } from '../domain/score-settings.ts';
import { factor } from './taxonomy-schema.ts';

const scalar = (name: keyof typeof scoreRanges) =>
  z.number().min(scoreRanges[name].min).max(scoreRanges[name].max);

export const scoreSchema = z
  .strictObject({
    base: scalar('base').default(1).describe('What every signal starts from'),
    likes: scalar('likes').default(1).describe('Weight of a like'),
    reposts: scalar('reposts').default(3).describe('Weight of a repost'),
    replies: scalar('replies').default(2).describe('Weight of a reply'),
    quotes: scalar('quotes').default(2.5).describe('Weight of a quote'),
    echoes: scalar('echoes').default(3).describe('Weight of an echo: another post that says the same'),
    urgency: scalar('urgency').default(4).describe('Weight of one level of urgency (0 to 5)'),
    cap: scalar('cap').default(100).describe('Highest salience'),
    halfLifeHours: scalar('halfLifeHours').default(24).describe('Hours after which salience has halved'),
    categories: z
      .record(z.string(), factor)
      .default({})
      .describe('Factors that replace the boosts of the taxonomy, by category'),
    sentiments: z
      .strictObject({
        negative: factor.default(1.2).describe('Factor of signals of negative sentiment'),
        neutral: factor.default(0.9).describe('Factor of signals of neutral sentiment'),
        positive: factor.default(1).describe('Factor of signals of positive sentiment'),
      })
      .prefault({})
      .describe('Factor of each sentiment'),
  })
  .prefault({})
  .describe('Weights of the score; see docs/architecture.md for the formula');
