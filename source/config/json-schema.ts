import { z } from 'zod';
import { configSchema } from './schema.ts';
import type { SchemaNode } from './schema-tree.ts';

/**
 * JSON Schema (draft 2020-12) of a configuration file, `profiles` included,
 * for editors that check while one types.
 */
export function configJsonSchema(sourceSchema: z.ZodType): SchemaNode {
  const whole = settingsJsonSchema(sourceSchema);
  return {
    ...whole,
    properties: {
      ...whole.properties,
      profiles: {
        type: 'object',
        description:
          'Named partial configurations; one is chosen with --profile and laid over the rest of the file',
        additionalProperties: partial(whole),
      },
    },
  };
}

/** The same without `profiles`: the settings themselves. */
export function settingsJsonSchema(sourceSchema: z.ZodType): SchemaNode {
  const schema = z.toJSONSchema(configSchema(sourceSchema), { io: 'input', unrepresentable: 'any' });
  return schema as unknown as SchemaNode;
}

/** Every key optional and without a default, as in a profile. Entries of lists stay whole: a list replaces a list. */
function partial(node: SchemaNode): SchemaNode {
  const { required: _required, default: _default, ...rest } = node;
  const { $schema: _schema, ...bare } = rest as SchemaNode & { $schema?: string };
  if (bare.properties === undefined) return bare;
  const members = Object.entries(bare.properties).map(([key, member]) => [key, partial(member)] as const);
  return { ...bare, properties: Object.fromEntries(members) };
}
