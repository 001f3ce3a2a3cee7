import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withConfigReference } from '../../scripts/config-reference.ts';
import { variableNames } from '../../source/config/environment.ts';
import { settingsJsonSchema } from '../../source/config/json-schema.ts';
import { secretVariables } from '../../source/config/secrets.ts';
import { columnNames } from '../../source/sources/file-columns.ts';
import { sourceSchema } from '../../source/sources/open.ts';

const text = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const schema = settingsJsonSchema(sourceSchema);
const kinds = schema.properties?.sources?.items?.oneOf ?? [];

/** The part of the page under a heading. */
function section(heading: string): string {
  const [, after = ''] = text.split(`\n${heading}\n`);
  return after.split(/\n#{2,3} /)[0] ?? '';
}

describe('docs/configuration.md', () => {
  it('has the settings of the schema: run "node scripts/config-reference.ts" when it has not', () => {
    expect(withConfigReference(text)).toBe(text);
  });

  it('says of every setting what it is for', () => {
    const rows = text
      .split('\n')
      .filter((line) => /^\| `[\w.[\]-]+` \|/.test(line) && line.split(' | ').length > 3);
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.filter((row) => (row.split(' | ')[3] ?? '').replace(/\|$/, '').trim().length < 4)).toEqual(
      [],
    );
  });

  it.each(kinds.map((kind) => [String(kind.properties?.kind?.const), kind] as const))(
    'explains every option of %s',
    (name, kind) => {
      const own = new URL(`../../docs/sources/${name}.md`, import.meta.url);
      const part =
        section(`### \`${name}\``) +
        section('## Sources') +
        (existsSync(own) ? readFileSync(own, 'utf8') : '');
      for (const option of Object.keys(kind.properties ?? {})) expect(part).toContain(`\`${option}\``);
    },
  );

  it.each(Object.entries(columnNames))('names every column of a file that is taken as %s', (field, names) => {
    const row = section('### `file`')
      .split('\n')
      .find((line) => line.startsWith(`| \`${field}\` |`));
    expect(row).toBe(`| \`${field}\` | ${names.split(' ').join(', ')} |`);
  });

  it.each(secretVariables)('names the secret %s', (variable) => {
    expect(text).toContain(`\`${variable}\``);
  });

  it('names no environment variable that does not exist', () => {
    const named = text.match(/SIGNAL_HARVESTER_[A-Z0-9_]*[A-Z0-9]/g) ?? [];
    const known = variableNames(schema);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) {
      expect(known.some((variable) => name === variable || name.startsWith(`${variable}__`))).toBe(true);
    }
  });
});
