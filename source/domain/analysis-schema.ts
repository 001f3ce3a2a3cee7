import { z } from 'zod';
import { sentiments } from './analysis.ts';

/**
 * What an analyzer says of one signal. The same schema types the offline
 * analyzer and parses a model's answer.
 */
export const analysisSchema = z.object({
  category: z.string().min(1).max(40).describe('id of one category of the taxonomy'),
  sentiment: z.enum(sentiments),
  urgency: z.int().min(0).max(5).describe('0 nothing to do, 3 this week, 5 people are blocked now'),
  tags: z.array(z.string().min(1).max(40)).max(8).describe('lower-case topics, most specific first'),
  reasoning: z.string().max(400).describe('one sentence a person can check'),
  confidence: z.number().min(0).max(1),
});
