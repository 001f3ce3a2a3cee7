import { Box } from 'ink';
import { Beat } from '../../components/beat.tsx';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { EmptyNotice, ErrorNotice, LoadingNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows, retentionLayout } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { type Line, rule, span } from '../../text/spans.ts';
import { proseLines, signalLines, signalsTitle, snapshotAbout } from './about-lines.ts';
import { DiffView } from './diff-view.tsx';
import { chosenRuleLine, ruleLines, rulesTitle } from './rule-lines.ts';
import { jobLine, planLine, snapshotHeading, snapshotRows } from './snapshot-lines.ts';

/** Screen 4: the snapshots, the rules that keep them, and what the rules would do. */
export function RetentionScreen({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.snapshots);
  const { job } = useObserved(app.jobs);
  const now = useNow(app.now);
  const { columns } = size;
  const { phase, error, plan, policy, configured, knob, cursor, signals, signalsError, diff } = state;

  if (diff !== null) return <DiffView app={app} />;
  if (phase === 'failed' && error !== null) {
    const what = 'the snapshots could not be read';
    const advice = 'Press R to try again.';
    return <ErrorNotice {...{ what, error, advice, columns }} rows={bodyRows(size)} />;
  }
  if (plan === null || policy === null || configured === null)
    return <LoadingNotice what="reading the snapshots" columns={columns} rows={bodyRows(size)} />;

  const layout = retentionLayout(size, plan.decisions.length, signals?.rules.length ?? 0);
  const rules = { policy, configured, knob };
  return (
    <Box flexDirection="column" width={columns}>
      {job === null ? (
        <LineView line={planLine(plan, app.snapshots.planned, columns)} columns={columns} />
      ) : (
        <Box>
          <LineView line={[]} columns={1} />
          <Beat tone="accent" />
          <LineView line={jobLine(job, columns)} columns={columns - 3} />
        </Box>
      )}
      {plan.decisions.length === 0 ? (
        <EmptyNotice
          title="There is no snapshot yet."
          advice="Press n to make one: the whole store at one moment, verified, in a folder of its own."
          columns={columns}
          rows={layout.listRows + 1}
        />
      ) : (
        <LinesView
          lines={[
            snapshotHeading(columns),
            ...snapshotRows(plan, cursor, { columns, rows: layout.listRows, now }),
          ]}
          columns={columns}
          rows={layout.listRows + 1}
        />
      )}
      <LineView line={rulesTitle(rules, columns)} columns={columns} />
      <LinesView
        lines={layout.ruleRows === 1 ? [chosenRuleLine(rules, columns)] : ruleLines(rules, columns)}
        columns={columns}
        rows={layout.ruleRows}
      />
      {layout.aboutRows > 0 && <About app={app} rows={layout.aboutRows} now={now} />}
      {layout.signalRows > 0 && (
        <LinesView
          lines={[
            rule(signalsTitle(signals), columns),
            ...signalLines(signals, signalsError, { columns, rows: layout.signalRows }),
          ]}
          columns={columns}
          rows={layout.signalRows + 1}
        />
      )}
    </Box>
  );
}

/** What a question means, else what the last operation did, else the selected snapshot. */
function About({ app, rows, now }: { readonly app: App; readonly rows: number; readonly now: number }) {
  const { size, question } = useObserved(app);
  const { plan, cursor, report } = useObserved(app.snapshots);
  const { columns } = size;
  const decision = plan?.decisions[cursor.index];
  const [title, lines]: readonly [string, readonly Line[]] =
    question?.details !== undefined
      ? ['before you answer', proseLines(question.details, columns)]
      : report !== null
        ? [report.title, proseLines(report.lines, columns, report.tone === 'bad' ? 'bad' : 'plain')]
        : decision === undefined
          ? ['about', []]
          : [decision.snapshot.id, snapshotAbout(decision, columns, now)];
  const shown = lines.slice(0, rows);
  if (lines.length > rows) shown[rows - 1] = [span(`  … ${lines.length - rows + 1} more lines`, 'quiet')];
  return (
    <Box flexDirection="column">
      <LineView line={rule(title, columns)} columns={columns} />
      <LinesView lines={shown} columns={columns} rows={rows} />
    </Box>
  );
}
