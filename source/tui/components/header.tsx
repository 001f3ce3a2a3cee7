import type { App } from '../model/app.ts';
import { type ScreenId, screens } from '../places.ts';
import { formatClock, plural } from '../text/format.ts';
import { type Line, span, spread } from '../text/spans.ts';
import { LineView } from './line-view.tsx';
import { useNow } from './use-now.ts';
import { useObserved } from './use-observed.ts';

/** From here on every screen is named; below, the one that is shown, and the keys of the others. */
const namesFrom = 140;
/** Below this there is no room for more than the one that is shown. */
const keysFrom = 70;

interface HeaderProps {
  readonly app: App;
  readonly topic: string;
  readonly demo: boolean;
}

/** The product, where one is, what runs, what went wrong, what time it is. */
export function Header({ app, topic, demo }: HeaderProps) {
  const { size, screen } = useObserved(app);
  const { phase, cancelling, progress } = useObserved(app.harvest);
  const now = useNow(app.now);
  const { columns } = size;
  const failed = progress?.sources.filter((source) => source.state === 'failed').length ?? 0;

  const left: Line = [
    span(columns >= 100 ? ' SIGNAL HARVESTER' : ' HARVESTER', 'title'),
    ...screenSpans(screen, columns),
    ...(demo ? [span(columns >= 70 ? '  DEMO: throw-away store' : '  DEMO', 'demo')] : []),
    ...(topic === '' ? [] : [span(`  ${topic}`, 'quiet')]),
  ];
  const seconds = Math.floor((progress?.elapsedMs ?? 0) / 1000);
  const activity = phase === 'running' ? `${cancelling ? 'stopping' : 'harvesting'} ${seconds} s` : '';
  const right: Line = [
    span(activity === '' ? '' : `  ${activity}`, 'accent'),
    span(failed === 0 ? '' : `  ✕ ${plural(failed, 'error')}`, 'bad'),
    span(`  ${formatClock(now)} `),
  ];
  return <LineView line={spread(left, right, columns)} columns={columns} />;
}

/** Which screens there are, by their keys, and which one this is. */
function screenSpans(shown: ScreenId, columns: number): Line {
  const named = columns >= namesFrom;
  const listed = screens.filter(({ id }) => columns >= keysFrom || id === shown);
  return listed.flatMap(({ id, key, name }, index) => [
    span(index === 0 || named ? '  ' : ' '),
    id === shown ? span(`${key} ${name}`, 'strong') : span(named ? `${key} ${name}` : key, 'quiet'),
  ]);
}
