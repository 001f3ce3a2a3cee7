import { headlineOf, type SignalFacts } from './message.ts';
import { shorten } from './shorten.ts';

const headlineCharacters = 200;

/** What a template may name in braces. */
const facts = {
  id: ({ id }) => String(id),
  category: ({ category }) => category,
  sentiment: ({ sentiment }) => sentiment,
  urgency: ({ urgency }) => String(urgency),
  salience: ({ salience }) => String(Math.round(salience)),
  because: ({ explanation }) => explanation,
  source: ({ source }) => source,
  author: ({ author }) => author ?? 'unknown',
  text: (signal) => shorten(headlineOf(signal), { characters: headlineCharacters }),
  url: ({ url }) => url ?? '',
  echoes: ({ echoes }) => String(echoes),
} satisfies Record<string, (signal: SignalFacts) => string>;

/** The first name in braces that is no fact; null when all are. */
export function unknownFact(template: string): string | null {
  const named = [...template.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => name);
  return named.find((name) => !Object.hasOwn(facts, name)) ?? null;
}

/** Facts in their places. `shield` is applied to them and not to what the configuration wrote around them. */
export function fillTemplate(
  template: string,
  signal: SignalFacts,
  shield: (text: string) => string,
): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? shield(facts[name as keyof typeof facts](signal)) : whole,
  );
}
