import { Agent, request } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** As much of JSON Schema as the OpenAPI document uses. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

interface Content {
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

export interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface FuzzReport {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** What must not be: a 5xx, no answer, an answer that the document does not allow. */
  readonly faults: readonly string[];
}

interface FuzzOptions {
  readonly url: string;
  readonly token: string;
  readonly document: Document;
  readonly requests: number;
  readonly seed: number;
  /** At the same time. */
  readonly lanes?: number;
}

const answerWithinMs = 20_000;
const bodies = ['', '{', '[]', 'null', '{"__proto__":{"admin":true}}', '"x"', '\u0000', '{"a":'.repeat(200)];
const hostile = [
  "' OR 1=1 --",
  '"; DROP TABLE signals; --',
  '../../etc/passwd',
  '%00',
  '\u202e\u0007',
  'a'.repeat(3000),
  '-1',
  '1e999',
  'NaN',
  '',
  '🙂'.repeat(50),
  '{"$gt":""}',
  'undefined',
];
const plausible = [
  'inbox',
  'outage',
  'one',
  '24h',
  '2026-11-20',
  'id,text',
  'rank',
  'newest',
  'read',
  'ann',
  '5',
  'batch-1',
];

/** Sends requests made from the document, right ones and broken ones, and holds every answer against it. */
export async function fuzz({
  url,
  token,
  document,
  requests,
  seed,
  lanes = 8,
}: FuzzOptions): Promise<FuzzReport> {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const judge = createJudge(document);
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const faults: string[] = [];
  const byStatus: Record<string, number> = {};
  let sent = 0;
  const lane = async (number: number) => {
    const random = createRandom(seed * 1000 + number);
    while (sent < requests && faults.length < 20) {
      sent += 1;
      const chosen = operations[Math.floor(random() * operations.length)];
      if (chosen === undefined) return;
      const made = makeRequest(chosen, document, random);
      const answer = await send(url, token, made, agent);
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
      const fault = judge(chosen.operation, answer);
      if (fault !== null)
        faults.push(`${made.method} ${made.path} ${made.body ?? ''}`.slice(0, 400).concat(`: ${fault}`));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  agent.destroy();
  return { requests: sent, byStatus, faults };
}

interface Made {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

function makeRequest(
  { path, method, operation }: { path: string; method: string; operation: Operation },
  document: Document,
  random: () => number,
): Made {
  const broken = random() < 0.4;
  const value = (schema: Schema) =>
    broken && random() < 0.3 ? pick(hostile, random) : makeValue(schema, document, random, 0);
  let address = path;
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const { name, in: place, required, schema } of operation.parameters ?? []) {
    if (place === 'path') {
      // An empty part of a path is another address.
      address = address.replace(`{${name}}`, encodeURIComponent(String(value(schema)) || '0').slice(0, 1500));
    } else if (required || random() < 0.4) {
      if (place === 'query') query.set(name, String(value(schema)));
      else headers[name] = encodeURIComponent(String(value(schema))).slice(0, 200) || 'x';
    }
  }
  if (broken && random() < 0.2)
    query.append(pick(['limit', 'x', '__proto__', 'order'], random), pick(hostile, random));
  const search = query.toString();
  const schema = operation.requestBody?.content['application/json']?.schema;
  let body: string | null = null;
  if (schema !== undefined) {
    const whole = makeValue(schema, document, random, 0);
    const kind = random();
    if (broken && kind < 0.2) body = pick(bodies, random);
    else if (broken && kind < 0.6) body = JSON.stringify(spoil(whole, random));
    else body = JSON.stringify(whole);
    headers['content-type'] = broken && random() < 0.1 ? 'text/plain' : 'application/json';
  }
  return {
    method: method.toUpperCase(),
    path: `${address}${search === '' ? '' : `?${search}`}`,
    headers,
    body,
  };
}

/** Changes one thing somewhere. */
function spoil(value: unknown, random: () => number): unknown {
  if (Array.isArray(value) && value.length > 0 && random() < 0.7) {
    const index = Math.floor(random() * value.length);
    return value.map((each, at) => (at === index ? spoil(each, random) : each));
  }
  if (typeof value === 'object' && value !== null && random() < 0.8) {
    const keys = Object.keys(value);
    const key = keys[Math.floor(random() * keys.length)];
    if (key === undefined || random() < 0.2) return { ...value, unknown: 1 };
    return { ...value, [key]: spoil((value as Record<string, unknown>)[key], random) };
  }
  return pick([null, -1, 1.5, 1e300, true, [], {}, ...hostile], random);
}

function makeValue(given: Schema, document: Document, random: () => number, depth: number): unknown {
  const schema = resolve(given, document);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(schema.enum, random);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return makeValue(pick(options, random), document, random, depth);
  const type = typeof schema.type === 'string' ? schema.type : pick(schema.type ?? ['string'], random);
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return random() < 0.5;
    case 'integer':
    case 'number': {
      const least = schema.minimum ?? 0;
      const most = Math.min(schema.maximum ?? 1000, least + 2000);
      const number = least + random() * (most - least);
      return type === 'integer' ? Math.round(number) : number;
    }
    case 'array': {
      if (depth > 4) return [];
      const least = schema.minItems ?? 0;
      const length = least + Math.floor(random() * 3);
      return Array.from({ length: Math.min(length, schema.maxItems ?? length) }, () =>
        makeValue(schema.items ?? {}, document, random, depth + 1),
      );
    }
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).filter(
        ([name]) => schema.required?.includes(name) || random() < 0.5,
      );
      return Object.fromEntries(
        members.map(([name, member]) => [name, makeValue(member, document, random, depth + 1)]),
      );
    }
    default:
      return makeText(schema, random);
  }
}

function makeText({ pattern, format, minLength = 0, maxLength = 200 }: Schema, random: () => number): string {
  if (format === 'uri') return 'https://acme.example/post/1';
  if (format === 'uuid') return '3f0c9a4e-2b7f-4a55-9d0b-5e9f0c3d1a22';
  if (pattern !== undefined) {
    const fitting = plausible.filter((each) => new RegExp(pattern).test(each));
    return fitting.length > 0 ? pick(fitting, random) : pick(hostile, random);
  }
  const text = pick([...plausible, ...hostile.filter((each) => each.length < 100)], random);
  return text.padEnd(minLength, 'x').slice(0, maxLength);
}

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function send(url: string, token: string, { method, path, headers, body }: Made, agent: Agent): Promise<Got> {
  return new Promise((done) => {
    const fail = (reason: string) => done({ status: 0, type: '', text: reason });
    const sent = request(
      `${url}${path}`,
      { method, agent, headers: { ...headers, authorization: `Bearer ${token}` }, timeout: answerWithinMs },
      (response) => {
        const type = response.headers['content-type'] ?? '';
        const status = response.statusCode ?? 0;
        if (type.startsWith('text/event-stream')) {
          response.destroy();
          return done({ status, type, text: '' });
        }
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => done({ status, type, text }));
        response.on('error', (error) => fail(error.message));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error) => fail(error.message));
    sent.end(body ?? undefined);
  });
}

/** Null when the document allows the answer. */
export function createJudge(document: Document): (operation: Operation, got: Got) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema(document as object, 'document');
  const validators = new Map<Schema, ValidateFunction>();
  const validatorOf = (schema: Schema): ValidateFunction => {
    const known = validators.get(schema);
    if (known !== undefined) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    const made = ajv.compile(JSON.parse(text) as object);
    validators.set(schema, made);
    return made;
  };
  return (operation, { status, type, text }) => {
    if (status === 0) return text;
    if (status >= 500 && status !== 503) return `${status} ${text}`;
    const answer = operation.responses[String(status)] ?? operation.responses.default;
    if (answer === undefined) return `${status} is not in the document`;
    if (answer.content === undefined) return text === '' ? null : 'a body where there should be none';
    const bare = type.split(';')[0] ?? '';
    const schema = answer.content[bare]?.schema;
    if (schema === undefined) return `${status} as ${type} is not in the document`;
    if (!/[/+]json$/.test(bare)) return null;
    const validate = validatorOf(schema);
    return validate(JSON.parse(text))
      ? null
      : `${status}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 300)}`;
  };
}

function resolve(schema: Schema, document: Document): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
}

function pick<Each>(list: readonly Each[], random: () => number): Each {
  return list[Math.floor(random() * list.length)] as Each;
}

/** Mulberry32: the same seed gives the same requests. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
