/** One example of a question that is answered with yes or no. */
export interface Example {
  /** Feature numbers and their values, of one length. */
  readonly features: readonly number[];
  readonly values: readonly number[];
  readonly isYes: boolean;
  /** How much the example counts; 1 is common. */
  readonly weight: number;
  /** Each source has a bias of its own, so that no word learns what a source is about. */
  readonly source: number;
}

export interface LogisticOptions {
  readonly featureCount: number;
  readonly sourceCount: number;
  /** L2 penalty against the mean loss. */
  readonly penalty: number;
  readonly epochs: number;
}

export interface LogisticWeights {
  readonly weights: Float64Array;
  /** Shared by all sources: what is left for a post from nowhere known. */
  readonly bias: number;
}

/**
 * Logistic regression by stochastic dual coordinate ascent (Shalev-Shwartz and
 * Zhang, "Stochastic Dual Coordinate Ascent Methods", JMLR 14, 2013). It has no
 * learning rate to tune, and the same examples in the same order give the same
 * weights to the last bit.
 */
export function trainLogistic(examples: readonly Example[], options: LogisticOptions): LogisticWeights {
  const weights = new Float64Array(options.featureCount);
  const sourceBias = new Float64Array(options.sourceCount);
  let bias = 0;
  const duals = new Float64Array(examples.length);
  const unit = 1 / (options.penalty * examples.length);
  const order = [...examples.keys()];
  const random = mulberry32(1);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      if (example === undefined) continue;
      const { features, values, source } = example;
      const sign = example.isYes ? 1 : -1;
      let odds = bias + (sourceBias[source] ?? 0);
      let squares = 2;
      for (let at = 0; at < features.length; at += 1) {
        const value = values[at] ?? 0;
        odds += (weights[features[at] ?? 0] ?? 0) * value;
        squares += value * value;
      }
      const target = 1 / (1 + Math.exp(sign * odds));
      const dual = duals[index] ?? 0;
      const step = (target - dual) / Math.max(1, 0.25 + example.weight * squares * unit);
      duals[index] = dual + step;
      const move = sign * step * example.weight * unit;
      for (let at = 0; at < features.length; at += 1) {
        const feature = features[at] ?? 0;
        weights[feature] = (weights[feature] ?? 0) + move * (values[at] ?? 0);
      }
      bias += move;
      sourceBias[source] = (sourceBias[source] ?? 0) + move;
    }
  }
  return { weights, bias };
}

/** Tommy Ettinger's 32-bit generator: small, and the same everywhere. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fisher and Yates, in place. */
function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const held = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = held;
  }
}

/** A fold from 0 to before `folds` for each of `count` rows, always the same. */
export function foldsOf(count: number, folds: number): number[] {
  const random = mulberry32(7);
  return Array.from({ length: count }, () => Math.floor(random() * folds));
}
