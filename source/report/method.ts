import type { Report } from '../domain/report.ts';
import { type Dates, formatCount, plural } from './figures.ts';

/** How the numbers came to be, for whoever asks: name and explanation, in order. */
export function methodOf(
  report: Report,
  dates: Dates,
): readonly { readonly name: string; readonly text: string }[] {
  const { insight, method, timeZone, search, view, madeAt } = report;
  const unanalyzed = method.unanalyzed;
  return [
    {
      name: 'What was counted',
      text: `${
        search === null
          ? 'Every post in the store and the signals that they form'
          : `The signals that ${view === null ? 'the search' : `the view ${view}`} finds (${search}), and their posts`
      }. A signal is one or more posts that say the same; posts that joined another are its echoes. What was deleted or never fetched is not in the store and not here.`,
    },
    {
      name: 'When',
      text: `Written between ${dates.moment(insight.span.since)} and ${dates.moment(insight.span.until)}, the end not included; "before" is the span of equal length that ends there: from ${dates.moment(insight.previous.since)}. Days and times are those of ${timeZone}. Read on ${dates.moment(madeAt)}: later decisions and posts are not in it.`,
    },
    ...(insight.capped
      ? [
          {
            name: 'Lower bounds',
            text: 'The time for the answer was over before all was read. Counts are lower bounds; a shorter span or a narrower search is counted whole.',
          },
        ]
      : []),
    ...(insight.sampled
      ? [
          {
            name: 'Samples',
            text: 'There are so many signals that authors and terms were looked for in an even part of them. Rare ones may be missing.',
          },
        ]
      : []),
    {
      name: 'Category, sentiment and urgency',
      text: `As ${method.analyzers.length === 0 ? 'an analyzer' : 'the analyzers below'} judged the signal, or as a person corrected it. Analyzers make mistakes: read the examples before acting on a number.${
        unanalyzed.signals === 0
          ? ''
          : ` ${formatCount(unanalyzed.signals)}${unanalyzed.capped ? '+' : ''} ${unanalyzed.signals === 1 ? 'signal is' : 'signals are'} not analyzed yet and in no category.`
      }`,
    },
    {
      name: 'Examples',
      text: `The ${plural(method.examplesPerCategory, 'signal')} of highest salience in each category at most. Salience (0 to 100) is taken as of the moment of writing, so that the first day of the span weighs as much as the last; the reactions and echoes since then count.${method.examplesCapped ? ' There was not time to look through the beginning of the span for them.' : ''}`,
    },
    {
      name: 'Spikes',
      text: 'An hour, or hours in a row, in which far more signals were opened than are usual at that time, judged as the rules for notifications judge it. "Usual" is what would have been expected.',
    },
    {
      name: 'Rising terms',
      text: 'Words that more signals have than in the span before, so many more that chance alone would do it once in a thousand times (log-likelihood ratio, Dunning 1993).',
    },
    {
      name: 'Decisions',
      text: 'From the journal of decisions. "Half within" is the median time from the first post of a signal reaching the store to its first decision.',
    },
    {
      name: 'Changes',
      text: 'Told against the span before. The sentences at the top tell a change only when it is more than twice the spread that chance alone gives such counts.',
    },
    {
      name: 'Quotes',
      text: 'Posts are quoted from the public, shortened where they end with "…", and without invisible characters. They are the words of their authors, not checked by anybody; links lead to the post where it was read.',
    },
    ...(method.failing.length === 0
      ? []
      : [
          {
            name: 'Sources that could not be read',
            text: `${method.failing.join('; ')}. Counts may be too low.`,
          },
        ]),
    {
      name: 'To look closer',
      text: 'Numbers with # are of signals: "signal-harvester show NUMBER" tells everything about one. "signal-harvester report --format json" has all numbers of this page.',
    },
  ];
}
