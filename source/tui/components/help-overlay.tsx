import { type Binding, bindingsAt } from '../key-map.ts';
import { labelOf } from '../keys.ts';
import type { App } from '../model/app.ts';
import type { Place } from '../places.ts';
import { cell, type Line, rule, span } from '../text/spans.ts';
import { wrapWords } from '../text/wrap-text.ts';
import { LinesView } from './lines-view.tsx';

const keyColumns = 14;

interface HelpProps {
  readonly app: App;
  readonly place: Place;
  /** Facts below the keys: the version, where things are kept. */
  readonly about: readonly string[];
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/** Every key of a place and those that work everywhere, from the key map. */
export function HelpOverlay({ app, place, about, top, columns, rows }: HelpProps) {
  const lines = [...helpLines(place, columns), ...aboutLines(about, columns)];
  app.scrollLimit.help = Math.max(0, lines.length - rows);
  return <LinesView lines={lines.slice(Math.min(top, app.scrollLimit.help))} columns={columns} rows={rows} />;
}

function aboutLines(about: readonly string[], columns: number): Line[] {
  const words = about.flatMap((fact) => wrapWords(fact, Math.max(10, columns - 3)));
  return [rule('about', columns), ...words.map((text): Line => [span('  '), span(text, 'quiet')])];
}

export function helpLines(place: Place, columns: number): Line[] {
  const all = bindingsAt(place);
  const everywhere = all.filter((binding) => isEverywhere(binding) && !isMotion(binding));
  const here = all.filter((binding) => !everywhere.includes(binding) && !isMotion(binding));
  const moving = all.filter(isMotion);
  const section = (title: string, bindings: readonly Binding[]): Line[] =>
    bindings.length === 0
      ? []
      : [rule(title, columns), ...bindings.flatMap((each) => bindingLines(each, columns)), []];
  return [
    ...section(titles[place] ?? 'keys', here),
    ...section('moving', moving),
    ...section('everywhere', everywhere),
  ];
}

const titles: Partial<Readonly<Record<Place, string>>> = {
  harvest: 'keys of this screen: harvest',
  signals: 'keys of this screen: signals',
  detail: 'keys of this screen: one signal',
  'wizard-sources': 'keys of this step',
};

function isEverywhere({ places }: Binding): boolean {
  return places.includes('harvest') ? places.includes('detail') : places.length >= 4;
}

function isMotion({ action }: Binding): boolean {
  return /^(move|half-page|page|go)-/.test(action);
}

function bindingLines({ keys, help }: Binding, columns: number): Line[] {
  const words = wrapWords(help, Math.max(10, columns - keyColumns - 3));
  return words.map((text, index) => [
    span('  '),
    cell(index === 0 ? keys.map(labelOf).join('  ') : '', keyColumns, 'strong'),
    span(text),
  ]);
}
