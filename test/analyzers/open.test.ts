import { expect, test } from 'vitest';
import { openAnalyzers } from '../../source/analyzers/open.ts';
import { anySource, configSchema } from '../../source/config/schema.ts';
import { SpendMeter } from '../../source/domain/spend.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { memoryLedger } from './memory-ledger.ts';

test('the configured analyzers are opened in their order, and nobody is asked', () => {
  const config = configSchema(anySource).parse({ analyzers: ['anthropic', 'openai', 'offline'] });
  const meter = new SpendMeter({ perRunUsd: 0, perDayUsd: 0, perMonthUsd: 0 }, { todayUsd: 0, monthUsd: 0 });
  const ledger = memoryLedger();
  const analyzers = openAnalyzers(config, { clock: systemClock, ledger, meter: () => meter, secrets: {} });
  expect(analyzers.map(({ name }) => name)).toEqual(['anthropic', 'openai', 'offline']);
  expect(ledger.uses).toEqual([]);
});
