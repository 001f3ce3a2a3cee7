import type { Curve } from './trained-model.ts';
import type { Verdict } from './verdict.ts';

/** Which curve a verdict is read on: those of the model and of the lists alone err differently. */
export function curveName(verdict: Verdict, usesModel: boolean): string {
  return `${usesModel ? 'model' : 'lists'} ${verdict.decided === null ? 'other' : 'decided'}`;
}

/** A curve as the weights file has it. */
export function parseCurve(text: string): Curve {
  return text.split(' ').map((point) => {
    const [margin, confidence] = point.split(':').map(Number);
    return [margin ?? 0, confidence ?? 0];
  });
}

/** The other way. */
export function formatCurve(curve: Curve): string {
  return curve.map(([margin, confidence]) => `${margin}:${confidence}`).join(' ');
}

/** The share of posts with such a margin that are right, by the curve; 0.5 when there is none. */
export function confidenceAt(curve: Curve | undefined, margin: number): number {
  let before: readonly [number, number] | undefined;
  for (const point of curve ?? []) {
    if (margin <= point[0]) {
      if (before === undefined) return point[1];
      const share = (margin - before[0]) / Math.max(1e-9, point[0] - before[0]);
      return before[1] + share * (point[1] - before[1]);
    }
    before = point;
  }
  return before?.[1] ?? 0.5;
}
