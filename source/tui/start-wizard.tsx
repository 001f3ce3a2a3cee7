import type { Setup } from '../harvester/setup.ts';
import { Wizard } from './model/wizard.ts';
import { runInk } from './run-ink.tsx';
import { WizardView } from './screens/wizard/wizard-view.tsx';
import { openTerminal } from './terminal.ts';

export interface WizardOptions {
  readonly setup: Setup;
  readonly version: string;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

/**
 * Asks what to listen for, proposes and tries sources, and writes the
 * configuration. Resolves with its path, or with null when the person left
 * before anything was written. A crash restores the terminal and rejects.
 */
export async function startWizard(options: WizardOptions): Promise<{ readonly path: string } | null> {
  const terminal = openTerminal(options);
  const wizard = new Wizard(options.setup, terminal.size());
  terminal.onResize((size) => wizard.resize(size));
  try {
    await runInk(<WizardView wizard={wizard} version={options.version} />, terminal);
    const { path } = wizard.read();
    return path === null ? null : { path };
  } finally {
    wizard.close();
  }
}
