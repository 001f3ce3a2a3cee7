import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { tags } from './operation.ts';
import { components } from './schemas.ts';

const transform = createJsonSchemaTransform({ schemaRegistry: components });
const transformObject = createJsonSchemaTransformObject({ schemaRegistry: components });

/** Collects the routes that are registered after it into an OpenAPI 3.1 document. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Signal Harvester',
        version,
        summary: 'Signals from posts about a product: read them, decide about them, run the harvest.',
        description:
          'Times are milliseconds since 1970, UTC. Errors are problems of RFC 9457. Unknown fields are refused.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key made by `signal-harvester keys create`. GET also takes it as the password of Basic.',
          },
        },
      },
    },
    transform: ((document: Parameters<typeof transform>[0]) => {
      const transformed = transform(document);
      dropEmptyBodies(transformed.schema);
      return transformed;
    }) as typeof transform,
    transformObject: ((document: Parameters<typeof transformObject>[0]) =>
      withoutUnusedSchemas(transformObject(document))) as typeof transformObject,
  });
}

/** The pages under /docs, from files of the package itself: nothing is loaded from elsewhere. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'read' };
      route.schema = { ...route.schema, hide: true } as object;
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
      // Nothing from elsewhere; and no upgrade to https, which a server behind a proxy does not speak.
      staticCSP:
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });
}

/** An answer that has no body is described without content. */
function dropEmptyBodies(schema: unknown): void {
  const { response } = (schema ?? {}) as { response?: Record<string, { content?: Record<string, unknown> }> };
  for (const answer of Object.values(response ?? {})) {
    const bodies = Object.values(answer.content ?? {}) as { schema?: { type?: string } }[];
    if (bodies.length > 0 && bodies.every((body) => body.schema?.type === 'null')) delete answer.content;
  }
}

interface Document {
  components?: { schemas?: Record<string, unknown> };
}

/** The transform writes every schema as input and as output; what nothing refers to goes. */
function withoutUnusedSchemas<Described>(described: Described): Described {
  const document = described as Described & Document;
  const schemas = document.components?.schemas;
  if (schemas === undefined) return described;
  for (;;) {
    const text = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return described;
    for (const name of unused) delete schemas[name];
  }
}
