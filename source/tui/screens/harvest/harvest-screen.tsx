import { Box } from 'ink';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { ErrorNotice, LoadingNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows, harvestLayout } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { plural } from '../../text/format.ts';
import { type Line, rule, span } from '../../text/spans.ts';
import { aboutHealth } from './health-lines.ts';
import { HealthTable } from './health-table.tsx';
import { aboutAnalyzers, aboutRun } from './run-lines.ts';
import { RunTable } from './run-table.tsx';
import { idleLine, stageLine, stagesTitle, totalsLine } from './stage-lines.ts';

/** Screen 1: every source and every stage, live while a harvest runs. */
export function HarvestScreen({ app }: { readonly app: App }) {
  const { size, storeOpen } = useObserved(app);
  const state = useObserved(app.harvest);
  const now = useNow(app.now);
  const { columns } = size;
  const { phase, progress, sources, error, earlier, cancelling, cursor } = state;

  if (error !== null && progress === null) {
    const what = phase === 'failed' ? 'the harvest could not start' : 'the sources could not be read';
    return (
      <ErrorNotice
        what={what}
        error={error}
        advice="Press h to try again."
        columns={columns}
        rows={bodyRows(size)}
      />
    );
  }
  if (progress === null && sources === null) {
    const what = storeOpen ? 'reading the sources' : 'opening the store';
    return <LoadingNotice what={what} columns={columns} rows={bodyRows(size)} />;
  }
  const layout = harvestLayout(size, app.harvest.rows, app.harvest.stageCount);
  const running = phase === 'running';
  const enabled = sources?.filter((source) => source.enabled).length ?? 0;
  const first: Line =
    progress !== null
      ? totalsLine(progress, { finished: !running, cancelling, columns })
      : running
        ? [span(' starting …', 'strong')]
        : idleLine(enabled, earlier, now);

  return (
    <Box flexDirection="column" width={columns}>
      <LineView line={first} columns={columns} />
      {progress === null ? (
        <HealthTable
          sources={sources ?? []}
          cursor={cursor}
          columns={columns}
          rows={layout.sourceRows}
          now={now}
        />
      ) : (
        <RunTable
          run={progress}
          sources={sources ?? []}
          working={running}
          cursor={cursor}
          columns={columns}
          rows={layout.sourceRows}
          now={now}
        />
      )}
      {layout.aboutRows > 0 && <About app={app} rows={layout.aboutRows} now={now} />}
      {layout.stages && progress !== null && (
        <LinesView
          lines={[
            rule(stagesTitle(progress.models), columns),
            ...progress.stages.map((stage) => stageLine(stage, columns, running)),
          ]}
          columns={columns}
          rows={1 + progress.stages.length}
        />
      )}
    </Box>
  );
}

/** What nobody was told, though a rule wanted it. */
function undeliveredLines(undelivered: number): Line[] {
  if (undelivered === 0) return [];
  const which = `${plural(undelivered, 'notification')} could not be delivered`;
  return [[span(`! ${which}: "notify --list" says why, "notify --retry" sends again`, 'warning')]];
}

/** The selected source in full. */
function About({ app, rows, now }: { readonly app: App; readonly rows: number; readonly now: number }) {
  const { size } = useObserved(app);
  const { progress, earlier, sources, cursor, undelivered } = useObserved(app.harvest);
  const { columns } = size;
  const source = progress?.sources[cursor.index];
  const health =
    sources?.find((each) => each.name === source?.name) ?? (source ? undefined : sources?.[cursor.index]);
  const name = source?.name ?? health?.name ?? '';
  const title = health === undefined ? name : `${name}: ${health.target}`;
  const context = { columns: columns - 4, now, run: earlier, belowRun: source !== undefined };
  const lines: Line[] = [
    ...(source === undefined ? [] : aboutRun(source, columns - 4, now)),
    ...aboutAnalyzers(progress, columns - 4),
    ...undeliveredLines(undelivered),
    ...(progress?.warnings ?? []).map((warning): Line => [span(`! ${warning}`, 'warning')]),
    ...(health === undefined ? [] : aboutHealth(health, context)),
  ];
  if (lines.length === 0)
    lines.push([span('No source is configured. Add one to config.yaml, or run "signal-harvester init".')]);
  const shown = lines.map((line): Line => [span('  '), ...line]);
  if (shown.length > rows)
    shown[rows - 1] = [span(`  … and ${shown.length - rows + 1} more lines in the log`, 'quiet')];
  return (
    <Box flexDirection="column">
      <LineView line={rule(title, columns)} columns={columns} />
      <LinesView lines={shown} columns={columns} rows={rows} />
    </Box>
  );
}
