import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';
import { useEffect, useState } from 'react';
import type { ErrorSummary } from '../../domain/failure.ts';
import { type Line, span } from '../text/spans.ts';
import { wrapWords } from '../text/wrap-text.ts';
import { LineView } from './line-view.tsx';
import { LinesView } from './lines-view.tsx';

interface NoticeProps {
  readonly columns: number;
  readonly rows: number;
}

/** What stands in a pane that has nothing to show: what is so, and what to do next. */
export function EmptyNotice({
  title,
  advice,
  columns,
  rows,
}: NoticeProps & { readonly title: string; readonly advice: string }) {
  const lines: Line[] = [[], [span(`  ${title}`, 'strong')], ...indented(advice, columns)];
  return <LinesView lines={rows < 4 ? lines.slice(1) : lines} columns={columns} rows={rows} />;
}

/** A failure in a pane: what happened, what to do about it. */
export function ErrorNotice({
  what,
  error,
  advice,
  columns,
  rows,
}: NoticeProps & { readonly what: string; readonly error: ErrorSummary; readonly advice: string }) {
  const lines: Line[] = [
    [],
    [span(`  ✕ ${what}`, 'bad')],
    ...indented(`${error.message} (${error.code})`, columns),
    ...(error.fix === null ? [] : indented(error.fix, columns)),
    ...indented(advice, columns),
  ];
  return <LinesView lines={rows < 4 ? lines.slice(1) : lines} columns={columns} rows={rows} />;
}

/** A wait; nothing at all for the first moment, since most waits end before anybody could read it. */
export function LoadingNotice({
  what,
  columns,
  rows,
  afterMs = 150,
}: NoticeProps & { readonly what: string; readonly afterMs?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      <Text> </Text>
      {late && (
        <Box>
          <Text>{'  '}</Text>
          <Spinner type="line" />
          <LineView line={[span(` ${what}`, 'quiet')]} columns={Math.max(0, columns - 3)} />
        </Box>
      )}
    </Box>
  );
}

function indented(text: string, columns: number): Line[] {
  return wrapWords(text, Math.max(10, columns - 4)).map((line) => [span(`  ${line}`)]);
}
