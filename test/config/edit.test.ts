import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { addSources, addSourcesToFile } from '../../source/config/edit.ts';
import { makeFolder } from './folder.ts';

const one = { name: 'one', kind: 'rss', url: 'https://a.example/?x=1#y: z' };
const two = { name: 'two', kind: 'rss', url: 'https://b.example/' };
/** The lines of `text` in their order, with nothing but new ones between. */
function expectKept(text: string, edited: string): void {
  const lines = edited.split(/\r?\n/);
  let at = 0;
  for (const line of text.split(/\r?\n/).filter((each) => each !== '')) {
    const found = lines.indexOf(line, at);
    expect(found, `lost or moved: ${line}`).toBeGreaterThanOrEqual(at);
    at = found + 1;
  }
}

describe('sources are added', () => {
  it('behind the last one, and what follows it stays where it is', () => {
    const before = `# mine
topic:   acme     # odd spacing stays
sources:   # places
  # first
  - name: a
    kind: rss

    url: "https://x.example/"   # the blog
    # nothing more
  # - name: off

# Partial configurations
profiles: {}
`;
    expect(addSources(before, [one])).toBe(before.replace('# the blog\n', `# the blog\n${addedAs(2)}`));
  });

  it.each([
    ['an empty file', '', /^sources:\n {2}- name: one\n/],
    ['comments alone', '# nothing yet\n', /^# nothing yet\nsources:\n/],
    ['no sources', 'topic: a', /^topic: a\nsources:\n {2}- name: one/],
    [
      'a key without a value',
      'sources:   # none\ntopic: a\n',
      /^sources: {3}# none\n {2}- name: one[\s\S]*\ntopic: a\n$/,
    ],
    [
      'an empty list',
      'sources: [] # none\ntopic: a\n',
      /^sources: # none\n {2}- name: one[\s\S]*\ntopic: a\n$/,
    ],
    [
      'dashes in the first column',
      'sources:\n- name: a\ntopic: a\n',
      /^sources:\n- name: a\n- name: one[\s\S]*\ntopic: a\n$/,
    ],
    ['sources in braces', 'sources: [{ name: a }]\ntopic: a # b\n', /topic: a # b\n$/],
    ['everything in braces', '{ topic: a }\n', /topic: a/],
    ['a document that is ended', 'topic: a\n...\n', /^topic: a\nsources:\n[\s\S]*\n\.\.\.\n$/],
    ['an anchor', 'sources: &s\n  - name: a\nprofiles: { p: { sources: *s } }\n', /- name: one[\s\S]*\*s/],
    [
      'a block of text at the end',
      'sources:\n  - name: a\n    text: |\n      x\n\n      y\n\n\ntopic: a\n',
      /topic: a\n$/,
    ],
  ])('to %s', (_, before, expected) => {
    const edited = addSources(before, [one]);
    expect(edited).toMatch(expected);
    const old = (parse(before) ?? {}) as { sources?: unknown[] };
    expect((parse(edited) as { sources: unknown[] }).sources).toEqual([...(old.sources ?? []), one]);
  });

  it('with the line ends of the file', () => {
    const edited = addSources('topic: a\r\nsources:\r\n  - name: a\r\n# end\r\n', [one]);
    expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
    expect(edited).toMatch(/ {2}- name: a\r\n {2}- name: one\r\n[\s\S]*# end\r\n$/);
  });

  it('to the profile in force, where that has sources of its own', () => {
    const before = 'sources:\n  - name: a\nprofiles:\n  p:\n    sources:\n      - name: b\n  q: {}\n';
    const inP = parse(addSources(before, [one], 'p')) as { profiles: { p: { sources: unknown } } };
    expect(inP.profiles.p.sources).toEqual([{ name: 'b' }, one]);
    expect(parse(addSources(before, [one], 'q'))).toMatchObject({ sources: [{ name: 'a' }, one] });
  });

  it('to the example, which keeps every byte', () => {
    const example = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8');
    const edited = addSources(example, [one, two]);
    const at = edited.indexOf('  - name: one');
    const block = addedAs(2) + addedAs(2, two);
    expect(edited.slice(0, at) + edited.slice(at + block.length)).toBe(example);
  });

  it('never to a file that is broken or no mapping', () => {
    for (const text of ['a: [', 'sources: 7\n', '- a\n', 'a: 1\na: 2\n'])
      expect(() => addSources(text, [one])).toThrow(expect.objectContaining({ code: 'config-not-editable' }));
  });
});

/** The new entry as it has to stand, by the library that reads it. */
function addedAs(indent: number, source: object = one): string {
  const pad = ' '.repeat(indent);
  const [name, kind, url] = Object.values(source) as string[];
  const quoted = url?.includes('#y: ') ? `"${url}"` : url;
  return `${pad}- name: ${name}\n${pad}  kind: ${kind}\n${pad}  url: ${quoted}\n`;
}

it('whatever stands in the file, all of it is kept, comments included', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9 #:'"é日-]{0,12}$/);
  const comment = fc.oneof(
    fc.constant(''),
    word.map((text) => ` # ${text}`),
  );
  const gap = fc.constantFrom('', '\n', '# alone\n', '  # indented\n\n');
  const scalar = fc.oneof(
    word.map((text) => JSON.stringify(text)),
    fc.constantFrom('', '7', 'true', '~', '[a, b]', '{ a: 1 }'),
  );
  const source = fc
    .tuple(fc.nat(99), fc.array(fc.tuple(scalar, comment, gap), { maxLength: 3 }), comment)
    .map(([number, options, end]) => {
      const lines = options.map(([value, note, space], index) => `    o${index}: ${value}${note}\n${space}`);
      return `  - name: s${number}${end}\n${lines.join('')}`;
    });
  const file = fc
    .tuple(gap, scalar, comment, fc.option(fc.array(source, { maxLength: 4 })), gap, scalar, gap)
    .map(([head, topic, note, sources, between, tail, end]) => {
      const list = sources === null ? '' : `sources:${note}\n${sources.join('')}${between}`;
      return `${head}topic: ${topic}${note}\n${list}tail: ${tail}\n${end}`;
    });
  fc.assert(
    fc.property(file, fc.boolean(), (text, crlf) => {
      const before = crlf ? text.replaceAll('\n', '\r\n') : text;
      fc.pre(parseDocument(before).errors.length === 0);
      const edited = addSources(before, [one, two]);
      expectKept(before, edited);
      const old = parse(before) as { sources?: unknown[] | null };
      expect(parse(edited)).toEqual({ ...old, sources: [...(old.sources ?? []), one, two] });
    }),
    { numRuns: 500 },
  );
});

describe('the file', () => {
  it('keeps its mode, a link stays one, and nothing is left behind', async () => {
    const folder = makeFolder({ 'real/config.yaml': 'topic: a\n' });
    const real = join(folder, 'real/config.yaml');
    chmodSync(real, 0o640);
    symlinkSync(real, join(folder, 'config.yaml'));
    await addSourcesToFile(join(folder, 'config.yaml'), [two], null);
    expect(readFileSync(real, 'utf8')).toBe(`topic: a\nsources:\n${addedAs(2, two)}`);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(folder, 'config.yaml')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(folder, 'real'))).toEqual(['config.yaml']);
  });

  it('is left as it was when it cannot be edited or is not there', async () => {
    const folder = makeFolder({ 'config.yaml': 'sources: 7\n' });
    const path = join(folder, 'config.yaml');
    await expect(addSourcesToFile(path, [two], null)).rejects.toMatchObject({ code: 'config-not-editable' });
    expect(readFileSync(path, 'utf8')).toBe('sources: 7\n');
    expect(readdirSync(folder)).toEqual(['config.yaml']);
    await expect(addSourcesToFile(join(folder, 'none.yaml'), [two], null)).rejects.toMatchObject({
      code: 'config-not-written',
    });
  });

  it('takes ten thousand sources', async () => {
    const folder = makeFolder({ 'config.yaml': '# mine\ntopic: a\n' });
    const path = join(folder, 'config.yaml');
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...two, name: `s${index}` }));
    await addSourcesToFile(path, many, null);
    expect((parse(readFileSync(path, 'utf8')) as { sources: unknown[] }).sources).toHaveLength(10_000);
  });
});
