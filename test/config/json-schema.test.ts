import { expect, it } from 'vitest';
import { configJsonSchema } from '../../source/config/json-schema.ts';
import type { SchemaNode } from '../../source/config/schema-tree.ts';
import { twoKinds } from './sources.ts';

const schema = configJsonSchema(twoKinds);

function at(node: SchemaNode | undefined, ...keys: readonly string[]): SchemaNode | undefined {
  return keys.reduce<SchemaNode | undefined>((here, key) => here?.properties?.[key], node);
}

it('describes every setting with its default', () => {
  expect(at(schema, 'http', 'timeoutMs')).toMatchObject({
    type: 'integer',
    minimum: 100,
    maximum: 600_000,
    default: 20_000,
    description: expect.stringContaining('Time limit'),
  });
  expect(schema.additionalProperties).toBe(false);
});

it('requires nothing that has a default', () => {
  expect(schema.required ?? []).toEqual([]);
});

it('allows in a profile any part of the configuration, without defaults and without profiles', () => {
  const profile = at(schema, 'profiles')?.additionalProperties as SchemaNode;
  expect(Object.keys(profile.properties ?? {})).toEqual(
    Object.keys(schema.properties ?? {}).filter((key) => key !== 'profiles'),
  );
  expect(at(profile, 'http', 'timeoutMs')?.default).toBeUndefined();
  expect(at(profile, 'http', 'timeoutMs')?.minimum).toBe(100);
});

it('keeps entries of lists whole in a profile, because a list replaces a list', () => {
  const profile = at(schema, 'profiles')?.additionalProperties as SchemaNode;
  expect(at(profile, 'sources')?.items).toEqual(at(schema, 'sources')?.items);
});

it('lists every option of every kind of source', () => {
  const kinds = at(schema, 'sources')?.items?.oneOf ?? [];
  expect(kinds.map((kind) => kind.properties?.kind?.const)).toEqual(['rss', 'file']);
});
