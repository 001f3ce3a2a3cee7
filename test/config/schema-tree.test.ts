import { expect, test } from 'vitest';
import { describeExpected, keysOf, type SchemaNode, schemaAt } from '../../source/config/schema-tree.ts';

const least = Number.MIN_SAFE_INTEGER;
const most = Number.MAX_SAFE_INTEGER;

test.each<[SchemaNode, string]>([
  [{ type: 'boolean' }, 'true or false'],
  [{ type: 'integer', minimum: 1, maximum: 20 }, 'a whole number from 1 to 20'],
  [{ type: 'integer', minimum: 1, maximum: most }, 'a whole number, 1 or more'],
  [{ type: 'integer', minimum: least, maximum: 9 }, 'a whole number, 9 or less'],
  [{ type: 'integer', minimum: least, maximum: most }, 'a whole number'],
  [{ type: 'number', exclusiveMinimum: 0 }, 'a number above 0'],
  [{ type: 'number', exclusiveMaximum: 5 }, 'a number below 5'],
  [{ type: 'number' }, 'a number'],
  [{ type: 'string' }, 'text'],
  [{ type: 'string', minLength: 1 }, 'text that is not empty'],
  [{ type: 'string', minLength: 1, maxLength: 60 }, 'text of 1 to 60 characters'],
  [{ type: 'string', maxLength: 60 }, 'text of at most 60 characters'],
  [{ type: 'string', format: 'uri' }, 'a web address (https://…)'],
  [{ const: 'rss' }, '"rss"'],
  [{ enum: ['a', 2] }, 'one of "a", 2'],
  [{ type: 'array' }, 'a list'],
  [{ type: 'array', items: { type: 'boolean' } }, 'a list; each entry true or false'],
  [{ type: 'object' }, 'a mapping'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'a mapping; each value a number'],
  [{ type: 'object', properties: { a: {}, b: {} } }, 'a mapping with a, b'],
  [
    { type: 'object', propertyNames: { enum: [...'abcdefg'] }, additionalProperties: {} },
    'a mapping with a, b, c, d, e, f, …',
  ],
  [{ anyOf: [{ type: 'boolean' }, { type: 'string' }] }, 'true or false, or text'],
  [
    { oneOf: [{ properties: { kind: { const: 'rss' } } }, { properties: { kind: { const: 'x' } } }] },
    'a mapping with "kind" ("rss", "x")',
  ],
  [{}, 'something else'],
])('%j is told as "%s"', (node, words) => {
  expect(describeExpected(node)).toBe(words);
});

const union: SchemaNode = {
  type: 'array',
  items: {
    oneOf: [
      { properties: { kind: { const: 'rss' }, url: { type: 'string' } } },
      { properties: { kind: { const: 'file' }, path: { type: 'boolean' } } },
    ],
  },
};

test('a place in a union is found by the kind that stands there', () => {
  const at = (value: unknown) => schemaAt(union, [0, 'path'], value);
  expect(at([{ kind: 'file', path: 1 }])).toEqual({ type: 'boolean' });
  expect(at([{ kind: 'rss', path: 1 }])).toBeNull();
  expect(at('no list')).toBeNull();
  expect(schemaAt(union, [0, 'path', 'deeper', 'still'], [{ kind: 'file', path: 1 }])).toBeNull();
  expect(keysOf(union.items ?? {})).toEqual(['kind', 'url', 'path']);
});

test('a mapping with fixed names knows those, one without knows any', () => {
  const fixed: SchemaNode = {
    propertyNames: { enum: ['text'] },
    additionalProperties: { type: 'string' },
  };
  expect(schemaAt(fixed, ['text'], {})).toEqual({ type: 'string' });
  expect(schemaAt(fixed, ['txt'], {})).toBeNull();
  expect(schemaAt({ additionalProperties: { type: 'number' } }, ['any'], {})).toEqual({ type: 'number' });
});
