import { startTui, type TuiOptions, type TuiResult } from '../../source/tui/start.tsx';
import type { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow } from './memory/sample.ts';
import { Screen } from './screen.ts';

/** The app on a terminal in memory. `await using` leaves it. */
export class Story implements AsyncDisposable {
  readonly screen: Screen;
  readonly ended: Promise<TuiResult>;
  #open = true;

  constructor(
    harvester: MemoryHarvester,
    options: Partial<TuiOptions> & { columns?: number; rows?: number } = {},
  ) {
    this.screen = new Screen(options.columns ?? 80, options.rows ?? 24);
    this.ended = startTui({
      topic: 'acme',
      demo: false,
      storePath: '',
      logPath: '',
      version: '0.0.0',
      harvestOnStart: false,
      now: () => sampleNow,
      openLink: async () => 'no browser here, open it yourself',
      copyText: async () => 'to the clipboard',
      ...options,
      harvester,
      stdin: this.screen.stdin,
      stdout: this.screen.stdout,
    });
    this.ended.then(this.#close, this.#close);
  }

  readonly #close = () => {
    this.#open = false;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.screen.type('\x03\x03');
    await this.ended;
  }
}
