import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
  it.each(Object.entries(schema.properties ?? {}).filter(([key]) => key !== 'sources'))(
    'explains every setting under %s',
    (key, node) => {
      const members = Object.keys(node.properties ?? {});
      const settings = section('## Settings');
      if (members.length === 0) expect(settings).toContain(`\`${key}\``);
      for (const member of members) {
        expect(settings).toMatch(new RegExp(`\\| .*\`(${key}\\.)?${member}\`.* \\|`));
      }
    },
  );

  it('explains every option of notifiers and rules', () => {
    const notifiers = schema.properties?.notifiers?.items?.oneOf ?? [];
    const options = notifiers.flatMap(({ properties }) => Object.keys(properties ?? {}));
    expect(options.length).toBeGreaterThan(15);
    for (const option of options) expect(section('## Notifiers')).toContain(`\`${option}\``);
    const rule = Object.keys(schema.properties?.rules?.items?.properties ?? {});
    expect(rule.length).toBeGreaterThan(10);
    for (const option of rule) expect(section('## Rules')).toContain(`\`${option}\``);
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
    const named = text.match(/SIGNAL_HARVESTER_[A-Z_]*[A-Z]/g) ?? [];
    const known = variableNames(schema);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) {
      expect(known.some((variable) => name === variable || name.startsWith(`${variable}__`))).toBe(true);
    }
  });
});
