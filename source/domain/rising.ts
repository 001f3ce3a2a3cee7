/** How often something was counted now and before, of how many. */
export interface Usage {
  readonly count: number;
  readonly of: number;
  readonly before: number;
  readonly ofBefore: number;
}

/** Of the chi-squared distribution with one degree of freedom: chance 0.001. */
export const risingThreshold = 10.83;

/**
 * How sure it is that something is more frequent now than before, as the
 * log-likelihood ratio G² (Dunning 1993): unlike a ratio of frequencies it does
 * not favour what was counted once. 0 when it is not more frequent, or when
 * there is no past to compare with.
 */
export function risingScore({ count, of, before, ofBefore }: Usage): number {
  if (of === 0 || ofBefore === 0 || count / of <= before / ofBefore) return 0;
  const share = (count + before) / (of + ofBefore);
  return (
    2 *
    (part(count, of * share) +
      part(before, ofBefore * share) +
      part(of - count, of * (1 - share)) +
      part(ofBefore - before, ofBefore * (1 - share)))
  );
}

function part(observed: number, expected: number): number {
  // What was observed is expected: only 0 has no logarithm.
  return observed <= 0 ? 0 : observed * Math.log(observed / expected);
}
