import type { Logger } from '../log.ts';

/**
 * A logger that is opened by the first line that is written: reading a list
 * takes less time than loading what writes logs. Lines keep their order.
 */
export function openLazily(open: () => Promise<{ logger: Logger; close(): Promise<void> }>): {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  close(): Promise<void>;
} {
  let opened: ReturnType<typeof open> | null = null;
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (fields: object | string, ...rest: [text?: string]): void => {
      opened ??= open();
      // A log that cannot be opened is told by close.
      opened.then(
        ({ logger }) => logger[level](fields, ...rest),
        () => {},
      );
    };
  return {
    logger: { info: write('info'), warn: write('warn'), error: write('error') },
    close: async () => (await opened)?.close(),
  };
}
