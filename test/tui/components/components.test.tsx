import { stripVTControlCharacters } from 'node:util';
import { cleanup, render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { afterEach, expect, test } from 'vitest';
import { Beat } from '../../../source/tui/components/beat.tsx';
import { LineView } from '../../../source/tui/components/line-view.tsx';
import { LinesView } from '../../../source/tui/components/lines-view.tsx';
import { EmptyNotice, ErrorNotice } from '../../../source/tui/components/notice.tsx';
import { HealthTable } from '../../../source/tui/screens/harvest/health-table.tsx';
import { span } from '../../../source/tui/text/spans.ts';
import { ThemeContext } from '../../../source/tui/theme.ts';
import { MemoryHarvester } from '../memory/memory-harvester.ts';
import { sampleNow, troubledSources } from '../memory/sample.ts';

afterEach(() => cleanup());

const esc = '\x1b';

test('a line is cut to its columns and cleaned on the way', () => {
  const { lastFrame } = render(<LineView line={[span('ab\x1b[31mc\u202e'), span('漢字漢字')]} columns={8} />);
  expect(lastFrame()).toBe('abc漢字…');
});

test('without colours only the weight of the text is left', () => {
  const line = [span('bad', 'bad'), span(' x', 'selected')];
  const coloured = render(<LineView line={line} columns={5} />).lastFrame() ?? '';
  expect(coloured).toContain(`${esc}[31m`);
  const plain = render(
    <ThemeContext.Provider value="mono">
      <LineView line={line} columns={5} />
    </ThemeContext.Provider>,
  ).lastFrame();
  expect(plain).not.toContain(`${esc}[31m`);
  expect(plain).toContain(`${esc}[1m`);
  expect(plain).toContain(`${esc}[7m`);
});

test('a pane has exactly its rows', () => {
  const lines = Array.from({ length: 9 }, (_, index) => [span(`line ${index}`)]);
  expect(render(<LinesView lines={lines} columns={10} rows={3} />).lastFrame()).toBe(
    'line 0\nline 1\nline 2',
  );
  expect(
    render(<LinesView lines={[]} columns={10} rows={3} />)
      .lastFrame()
      ?.split('\n'),
  ).toHaveLength(3);
});

test('spinners turn at one beat', async () => {
  const view = render(
    <>
      <Beat tone="plain" />
      <Beat tone="plain" />
    </>,
  );
  await new Promise((resolve) => setTimeout(resolve, 400));
  const frames = view.frames.map((frame) => frame.split('\n').map((line) => line.trim()));
  expect(new Set(frames.map((frame) => frame[0])).size).toBeGreaterThan(1);
  for (const [first, second] of frames) expect(second).toBe(first);
});

test('notices fit into the smallest pane and keep what matters', () => {
  const size = { columns: 40, rows: 2 };
  const empty = render(<EmptyNotice title="Empty." advice="Press h." {...size} />).lastFrame();
  expect(empty).toMatch(/Empty\..*\n {2}Press h\./);
  const error = { code: 'x', message: 'it broke', fix: 'mend it' };
  expect(render(<ErrorNotice what="no" error={error} advice="again" {...size} />).lastFrame()).toContain(
    'it broke',
  );
});

test('the table of sources marks the selected one, also after it has changed, and is never wider than asked', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow, sources: troubledSources });
  const sources = await harvester.sources.list();
  const table = (index: number, columns: number, top = 0) => (
    <HealthTable sources={sources} cursor={{ index, top }} columns={columns} rows={4} now={sampleNow} />
  );
  const { lastFrame, rerender } = render(table(0, 80));
  const marked = () => lastFrame()?.split(`${esc}[7m`)[1]?.split(esc)[0]?.trim();
  expect(marked()).toBe('hackernews');
  rerender(table(2, 80));
  expect(marked()).toBe('acme-blog');
  rerender(table(5, 80, 2));
  expect(marked()).toBe('reviews');
  for (const columns of [32, 44, 60, 80, 99, 100]) {
    rerender(table(1, columns));
    const lines = (lastFrame() ?? '').split('\n').map((line) => stripVTControlCharacters(line));
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(new Set(lines.map((line) => line.lastIndexOf('│'))).size).toBe(1);
  }
  rerender(<HealthTable sources={[]} cursor={{ index: 0, top: 0 }} columns={80} rows={1} now={sampleNow} />);
  expect(lastFrame()).toContain('SOURCE');
});
