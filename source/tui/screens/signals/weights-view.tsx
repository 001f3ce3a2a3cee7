import { Box } from 'ink';
import { LinesView } from '../../components/lines-view.tsx';
import { useObserved } from '../../components/use-observed.ts';
import { weightsLayout } from '../../layout.ts';
import type { App } from '../../model/app.ts';
import { span } from '../../text/spans.ts';
import { orderLines, weightLines } from './weight-lines.ts';

/** The weights of the score, and the first of the list as they would order it. */
export function WeightsView({ app }: { readonly app: App }) {
  const { size } = useObserved(app);
  const state = useObserved(app.weights);
  const { weightRows, orderRows, weightColumns, orderColumns, beside } = weightsLayout(size);
  const weights = (
    <LinesView
      lines={weightLines(state, weightColumns, weightRows)}
      columns={weightColumns}
      rows={weightRows + 1}
    />
  );
  const order = (
    <LinesView
      lines={orderLines(state, orderColumns, orderRows)}
      columns={orderColumns}
      rows={orderRows + 1}
    />
  );
  if (!beside) {
    return (
      <Box flexDirection="column">
        {weights}
        {order}
      </Box>
    );
  }
  const bar = Array.from({ length: orderRows + 1 }, () => [span('│', 'quiet')]);
  return (
    <Box>
      {weights}
      <LinesView lines={bar} columns={2} rows={orderRows + 1} />
      {order}
    </Box>
  );
}
