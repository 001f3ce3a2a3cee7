import { describe, expect, test, vi } from 'vitest';
import { ArrivalAlert } from '../../../source/tui/model/arrival-alert.ts';
import { IdleLearning } from '../../../source/tui/model/idle-learning.ts';
import { MemoryHarvester, makeSignal } from '../memory/memory-harvester.ts';

function listening(alert: 'off' | 'bell' | 'desktop') {
  const harvester = new MemoryHarvester({ now: () => 0, signals: [makeSignal(1)] });
  const asked: unknown[] = [];
  harvester.signals.newSince = async (mark, query) => {
    asked.push(query.search);
    return mark === null
      ? { count: 0, capped: false, mark: 1 }
      : { count: harvester.memory.size - 1, capped: false, mark };
  };
  const written: string[] = [];
  const alertOn = 'urgency:>=4';
  return {
    harvester,
    asked,
    written,
    arrivals: new ArrivalAlert(harvester, { alert, alertOn }, (text) => written.push(text)),
  };
}

describe('what rings when a harvest brings signals to look at', () => {
  test.each([
    ['bell', '\x07'],
    ['desktop', '\x1b]9;Signal Harvester: 2 new signals to look at\x07'],
  ] as const)('is the %s, once, and says only how many', async (alert, sequence) => {
    const { harvester, asked, written, arrivals } = listening(alert);
    arrivals.begin();
    harvester.memory.add(makeSignal(2, { text: '\x1b]0;hostile\x07' }));
    harvester.memory.add(makeSignal(3));
    await arrivals.end();
    expect(written).toEqual([sequence]);
    expect(asked).toEqual([undefined, 'urgency:>=4']);
  });

  test('is silent when nothing came, and asks nothing when it is off', async () => {
    const quiet = listening('bell');
    quiet.arrivals.begin();
    await quiet.arrivals.end();
    const off = listening('off');
    off.arrivals.begin();
    off.harvester.memory.add(makeSignal(2));
    await off.arrivals.end();
    expect([quiet.written, off.written, off.asked]).toEqual([[], [], []]);
  });
});

test('relevance is learned once, when a person has stopped deciding', async () => {
  vi.useFakeTimers();
  try {
    const harvester = new MemoryHarvester({ now: () => 0 });
    const refresh = vi.spyOn(harvester.learning, 'refresh');
    const learning = new IdleLearning(harvester, 1_000);
    for (let decision = 0; decision < 5; decision += 1) {
      learning.decided();
      vi.advanceTimersByTime(900);
    }
    expect(refresh).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(refresh).toHaveBeenCalledTimes(1);
    learning.decided();
    learning.close();
    vi.advanceTimersByTime(5_000);
    expect(refresh).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});
