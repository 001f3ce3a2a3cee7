import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../source/cli/parse.ts';
import { UserError } from '../../source/errors.ts';

async function parse(line: string) {
  return parseArguments(line.split(' ').filter((word) => word !== ''));
}

/** Command, words and flags of a line that asks for a command. */
async function called(line: string) {
  const request = await parse(line);
  if (request.want !== 'command') throw new Error(`asked for ${request.want}`);
  return { name: request.command.name, ...request.invocation, global: request.global };
}

async function refusal(line: string): Promise<UserError> {
  return parse(line).then(
    () => Promise.reject(new Error(`"${line}" was accepted`)),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
  );
}

describe('a line', () => {
  it('without words asks for the surface that fits', async () => {
    expect(await parse('')).toMatchObject({
      want: 'default',
      global: { json: false, demo: false, color: true, screenReader: false },
    });
    expect(await parse('--demo --no-color')).toMatchObject({
      want: 'default',
      global: { demo: true, color: false },
    });
  });

  it('may have flags of every command before and behind the command', async () => {
    expect(await called('--config a.yaml --json top --limit 3 --profile p')).toMatchObject({
      name: 'top',
      flags: { limit: 3 },
      global: { config: 'a.yaml', profile: 'p', json: true },
    });
  });

  it('takes a flag with = and a list by repeating', async () => {
    expect((await called('run --source=a --source b --limit=5')).flags).toEqual({
      source: ['a', 'b'],
      since: undefined,
      limit: 5,
      estimate: false,
    });
  });

  it('takes several choices with commas between', async () => {
    expect((await called('list --status inbox,escalated')).flags).toMatchObject({
      status: ['inbox', 'escalated'],
    });
  });

  it('leaves a lone dash and all behind two dashes as words', async () => {
    expect((await called('import -')).words).toEqual(['-']);
    expect((await called('import -- --odd.csv')).words).toEqual(['--odd.csv']);
  });

  it('keeps text that looks like a number as text', async () => {
    expect((await called('init --topic 007')).flags).toMatchObject({ topic: '007' });
  });

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
  ])('reads the time span %s', async (text, ms) => {
    expect((await called(`list --since ${text}`)).flags).toMatchObject({ since: { agoMs: ms } });
  });

  it('asks for help of a command, or of all, before anything is judged', async () => {
    expect(await parse('--help')).toMatchObject({ want: 'help', command: null });
    expect(await parse('show --help')).toMatchObject({ want: 'help', command: { name: 'show' } });
    expect(await parse('--version')).toEqual({ want: 'version' });
  });
});

describe('a mistake', () => {
  it.each([
    ['tpo', 'Unknown command "tpo": did you mean "top"?'],
    ['exprot', 'Unknown command "exprot": did you mean "export"?'],
    ['xyzzy', 'Unknown command "xyzzy".'],
    ['top --limt 3', 'Unknown flag --limt: did you mean --limit?'],
    ['top --demmo', 'Unknown flag --demmo: did you mean --demo?'],
    ['top --no-colour', 'Unknown flag --no-colour: did you mean --no-color?'],
    ['--jsn', 'Unknown flag --jsn: did you mean --json?'],
    ['list --min-saliense 3', 'Unknown flag --min-saliense: did you mean --min-salience?'],
    ['top -x', 'Unknown flag -x.'],
    ['top --limit', '--limit needs a value.'],
    ['top --limit --json', '--limit needs a value.'],
    ['top --limit many', '--limit does not take "many".'],
    ['top --limit 0', '--limit does not take "0".'],
    ['top --limit 1.5', '--limit does not take "1.5".'],
    ['top --limit 0x10', '--limit does not take "0x10".'],
    ['top --limit 1 --limit 2', '--limit is given 2 times.'],
    ['list --min-salience -3', '--min-salience does not take "-3".'],
    ['list --since yesterday', '--since does not take "yesterday".'],
    ['list --since -5h', '--since needs a value.'],
    ['list --status open', '--status does not take "open".'],
    ['run --source', '--source needs a value.'],
    ['show', '"show" needs more: show ID.'],
    ['show 1 2', '"show" does not know what to do with "2".'],
    ['__proto__', 'Unknown command "__proto__".'],
    ['top --constructor 1', 'Unknown flag --constructor.'],
  ])('"%s" is told as: %s', async (line, message) => {
    const error = await refusal(line);
    expect(error.message).toBe(message);
    expect(error.exitCode).toBe(2);
    expect(error.fix).toMatch(/\.$/);
  });

  it('in a value says what would be taken', async () => {
    expect((await refusal('top --limit 501')).fix).toBe('Give it a whole number from 1 to 500.');
    expect((await refusal('list --order newst')).fix).toContain('did you mean newest?');
    expect((await refusal('list --since 5')).fix).toContain('24h');
  });
});
