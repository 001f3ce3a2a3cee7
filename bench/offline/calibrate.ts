import type { Curve } from '../../source/analyzers/offline/trained-model.ts';
import {
  answersOf,
  crossValidation,
  fitCurve,
  leaveOneGroupOut,
  type Method,
  type Said,
  type Split,
  sayCategories,
  trainSplits,
} from './evaluate.ts';
import type { Labelled } from './labelled-sets.ts';

/** One way of holding posts back, and what was said of them. */
export interface Trial {
  readonly name: string;
  readonly set: string;
  readonly said: Readonly<Record<Method, readonly Said[]>>;
}

/**
 * What the methods say of posts that they have not seen: within a source, and
 * of a source when trained on the others.
 */
export function runTrials(issues: readonly Labelled[], reviews: readonly Labelled[]): Trial[] {
  return [
    trial('within the source', 'issues', issues, crossValidation(issues, reviews)),
    trial('project left out', 'issues', issues, leaveOneGroupOut(issues, reviews)),
    trial('source left out', 'issues', issues, [{ train: reviews, test: issues }]),
    trial('within the source', 'reviews', reviews, crossValidation(reviews, issues)),
    trial('source left out', 'reviews', reviews, [{ train: issues, test: reviews }]),
  ];
}

export function trial(name: string, set: string, rows: readonly Labelled[], splits: readonly Split[]): Trial {
  const answers = answersOf(rows);
  const models = trainSplits(splits, 'category');
  const say = (method: Method) =>
    models.flatMap(({ model, test }) =>
      sayCategories(test, answers, method, method === 'lists' ? null : model),
    );
  return { name, set, said: { lists: say('lists'), model: say('model'), combined: say('combined') } };
}

/**
 * Confidence curves from posts that were held back: half from within the
 * sources, half from sources left out, for a post to come may be either.
 */
export function fitCurves(trials: readonly Trial[]): Map<string, Curve> {
  const all = trials.flatMap(({ said }) => [...said.combined, ...said.lists]);
  const names = ['model decided', 'model other', 'lists decided', 'lists other'];
  return new Map(names.map((name) => [name, fitCurve(all.filter(({ curve }) => curve === name))]));
}
