import { exitCodes, summarizeError, UserError } from '../errors.ts';
import type { Check } from '../harvester/harvester.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';

const columns: readonly Column<Check>[] = [
  { title: 'CHECK', text: ({ name }) => name },
  { title: 'STATE', text: ({ state }) => state },
  // Not cut to the screen: half a finding helps nobody.
  { title: 'FINDING', text: ({ finding }) => finding },
];

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Examine all that a run needs, with a fix for each failure',
  usage: 'doctor',
  details: 'Ends with 0 when nothing failed (warnings are allowed) and with 3 otherwise.',
  json: '{ "ok", "checks": [{ "name", "state", "finding", "fix" }] }',
  examples: [{ command: 'signal-harvester doctor', meaning: 'before asking anybody else' }],
  flags: {},
  words: { min: 0, max: 0 },
  async run(context) {
    const checks = await examine(context);
    const ok = checks.every(({ state }) => state !== 'failed');
    if (context.json) await printJson(context, { ok, checks });
    else {
      await printRows(context, columns, checks);
      const fixes = checks.filter(({ state, fix }) => state !== 'ok' && fix !== null);
      if (fixes.length > 0) {
        await printText(
          context,
          `\n${fixes.map(({ name, fix }) => `${visible(name)}: ${visible(fix ?? '')}`).join('\n')}`,
        );
      }
      await printNote(context, ok ? 'Nothing failed.' : 'Something failed; see the fixes above.');
    }
    return ok ? exitCodes.done : exitCodes.partial;
  },
});

/** A configuration or a store that cannot be opened is a finding too: that is what doctor is called for. */
async function examine(context: CommandContext): Promise<readonly Check[]> {
  try {
    await context.loaded();
  } catch (error) {
    return [toCheck('configuration', error)];
  }
  try {
    const harvester = await context.open();
    const checks = await harvester.doctor({ signal: context.signal });
    // The sample has no configuration, and needs none.
    return context.demo ? checks.filter(({ name }) => name !== 'configuration') : checks;
  } catch (error) {
    return [toCheck('store', error)];
  }
}

function toCheck(name: string, error: unknown): Check {
  if (!(error instanceof UserError)) throw error;
  const { message, fix } = summarizeError(error);
  return { name, state: 'failed', finding: message, fix };
}
