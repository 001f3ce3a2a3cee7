/** One figure of a bench, beside its floor of the same run and what is wanted of it. */
export interface Figure {
  /** Of what, with the size it was measured at, as it stands in a table. */
  readonly what: string;
  readonly value: number;
  /** "ms", "posts/s", "MB"; the floor has the same. */
  readonly unit: string;
  readonly floor?: { readonly what: string; readonly value: number };
  /** The value against the floor; given where it is no quotient of these two (the median of the turns' ratios). */
  readonly ratio?: number;
  readonly aim?: Aim;
}

/** A bound of the value or of the ratio, itself allowed. */
export interface Aim {
  readonly of: 'value' | 'ratio';
  readonly most?: number;
  readonly least?: number;
}

/** Null without a floor. */
export function ratioOf({ value, floor, ratio }: Figure): number | null {
  if (ratio !== undefined) return ratio;
  return floor === undefined ? null : value / floor.value;
}

/** Null without an aim; a figure that is no number meets none. */
export function isMet(figure: Figure): boolean | null {
  const { aim, value } = figure;
  if (aim === undefined) return null;
  const judged = aim.of === 'value' ? value : (ratioOf(figure) ?? Number.NaN);
  return (
    judged >= (aim.least ?? Number.NEGATIVE_INFINITY) && judged <= (aim.most ?? Number.POSITIVE_INFINITY)
  );
}

/**
 * Says a figure: as a line for the person who started the bench, and as a
 * message to bench/run.ts if that did.
 */
export function tellFigure(figure: Figure): void {
  process.stdout.write(`${figureLine(figure)}\n`);
  process.send?.({ figure });
}

export function figureLine(figure: Figure): string {
  const { what, floor } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    `${what}: ${sayValue(figure)}`,
    ...(floor === undefined ? [] : [`${floor.what} ${sayFloor(figure)}`]),
    ...(ratio === null ? [] : [`ratio ${sayRatio(ratio)}`]),
    ...(met === null ? [] : [`aim ${sayAim(figure)}, ${met ? 'met' : 'not met'}`]),
  ].join('; ');
}

export function sayValue({ value, unit }: Figure): string {
  return sayQuantity(value, unit);
}

/** "" without one. */
export function sayFloor({ floor, unit }: Figure): string {
  return floor === undefined ? '' : sayQuantity(floor.value, unit);
}

/** As many digits as mean something: 0.0512, 0.58, 3.4, 18. */
export function sayRatio(ratio: number): string {
  return ratio < 0.1
    ? ratio.toPrecision(2)
    : ratio < 10
      ? ratio.toFixed(2)
      : sayQuantity(Math.round(ratio), '');
}

/** "ratio at most 1.3", "at least 5,000 posts/s"; "" without one. */
export function sayAim({ aim, unit }: Figure): string {
  if (aim === undefined) return '';
  const bound = (value: number) => (aim.of === 'ratio' ? String(value) : sayQuantity(value, unit));
  const bounds = [
    ...(aim.least === undefined ? [] : [`at least ${bound(aim.least)}`]),
    ...(aim.most === undefined ? [] : [`at most ${bound(aim.most)}`]),
  ].join(', ');
  return aim.of === 'ratio' ? `ratio ${bounds}` : bounds;
}

function sayQuantity(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits })}${unit === '' ? '' : ` ${unit}`}`;
}
