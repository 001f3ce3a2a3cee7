import { Box } from 'ink';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { EmptyNotice, ErrorNotice, LoadingNotice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useObserved } from '../../components/use-observed.ts';
import { bodyRows } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { type Line, rule, span } from '../../text/spans.ts';
import { errorHeading, errorLines, errorRows, errorTitle } from './error-lines.ts';
import { entryLines, logRows, logTitle } from './log-lines.ts';

/** Screen 5: the log of the program, and its errors. */
export function LogsScreen({ app }: { readonly app: App }) {
  const { pane, record } = useObserved(app.logs);
  if (record !== null) return <RecordView app={app} />;
  return pane === 'errors' ? <ErrorsPane app={app} /> : <LogPane app={app} />;
}

function LogPane({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.logs.log);
  const { columns } = size;
  const rows = bodyRows(size);
  const { phase, error, entries, exists, path, level, text, before } = state;
  if (phase === 'failed' && error !== null) {
    const words = { what: 'the log could not be read', error, advice: 'Press R to try again.' };
    return <ErrorNotice {...words} columns={columns} rows={rows} />;
  }
  if (phase === 'unread' || phase === 'loading')
    return <LoadingNotice what="reading the log" columns={columns} rows={rows} />;
  const filtered = level !== 'trace' || text !== '';
  return (
    <Box flexDirection="column" width={columns}>
      <LineView line={logTitle(state, app.logs.log.following, columns)} columns={columns} />
      {entries.length > 0 ? (
        <LinesView lines={logRows(state, { columns, rows: rows - 1 })} columns={columns} rows={rows - 1} />
      ) : (
        <EmptyNotice
          title={!exists ? 'There is no log yet.' : filtered ? 'No entry is like that.' : 'The log is empty.'}
          advice={
            filtered
              ? `f changes the level, / the words${before === null ? '' : '; k looks further back'}.`
              : `It is written to ${path}.`
          }
          columns={columns}
          rows={rows - 1}
        />
      )}
    </Box>
  );
}

function ErrorsPane({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.logs.errors);
  const now = useNow(app.now);
  const { columns } = size;
  const rows = bodyRows(size);
  const { phase, error, groups } = state;
  if (phase === 'failed' && error !== null) {
    const words = { what: 'the errors could not be read', error, advice: 'Press R to try again.' };
    return <ErrorNotice {...words} columns={columns} rows={rows} />;
  }
  if (phase === 'unread' || phase === 'loading')
    return <LoadingNotice what="reading the errors" columns={columns} rows={rows} />;
  return (
    <Box flexDirection="column" width={columns}>
      <LineView line={errorTitle(state, app.logs.errors.unresolved, columns)} columns={columns} />
      {groups.length > 0 ? (
        <LinesView
          lines={[errorHeading(columns), ...errorRows(state, { columns, rows: rows - 2, now })]}
          columns={columns}
          rows={rows - 1}
        />
      ) : (
        <EmptyNotice
          title="No error of the program is known."
          advice="What goes wrong outside of it (a source that is down, a wrong key) is said where it happens."
          columns={columns}
          rows={rows - 1}
        />
      )}
    </Box>
  );
}

/** One entry or error over the whole body. */
function RecordView({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const { record, recordTop } = useObserved(app.logs);
  const now = useNow(app.now);
  if (record === null) return null;
  const { columns } = size;
  const rows = bodyRows(size) - 1;
  const lines =
    record.kind === 'entry' ? entryLines(record.entry, columns) : errorLines(record.group, columns, now);
  const fits = lines.length <= rows;
  const room = fits ? rows : rows - 1;
  app.logs.scrollLimit = Math.max(0, lines.length - room);
  const top = Math.min(recordTop, app.logs.scrollLimit);
  const shown: Line[] = lines.slice(top, top + room);
  const below = lines.length - top - room;
  if (!fits) shown.push([span(below > 0 ? `  … ${below} more lines, j goes on` : '  the end', 'quiet')]);
  const title = record.kind === 'entry' ? 'log entry' : `error ${record.group.id}`;
  return (
    <Box flexDirection="column" width={columns}>
      <LineView line={rule(title, columns)} columns={columns} />
      <LinesView lines={shown} columns={columns} rows={rows} />
    </Box>
  );
}
