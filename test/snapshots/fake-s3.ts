import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../sources/loopback.ts';

/**
 * What AWS answers, as far as snapshots use it: it keeps the checksums that it
 * is given, refuses bytes that do not match them, and computes every signature
 * (SigV4, docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export interface FakeS3 {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** "PUT key", in the order in which they were stored or removed. */
  readonly changes: string[];
  /** Says for each request what is refused; null lets it pass. */
  refuse: (method: string, key: string) => { status: number; code: string } | null;
  /** Changes what is stored behind the sender's back. */
  spoil: (body: Buffer) => Buffer;
  /** Not every service does. */
  keepsChecksums: boolean;
  /** Headers of the requests that came. */
  readonly headers: IncomingMessage['headers'][];
}

const pageSize = 3;

export async function serveS3(bucket = 'backups'): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const sums = new Map<string, string>();
  const fake: FakeS3 = {
    ...{ endpoint: '', objects, changes: [], headers: [] },
    refuse: () => null,
    spoil: (body) => body,
    keepsChecksums: true,
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://s3');
    const [, asked = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    const key = rest.join('/');
    const method = request.method ?? '';
    fake.headers.push(request.headers);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const fail = (status: number, code: string) =>
      response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>no</Message></Error>`);
    const [accessKey, signature] = readAuthorization(request);
    if (accessKey !== 'good') return void fail(403, 'InvalidAccessKeyId');
    if (signature !== sign(request)) return void fail(403, 'SignatureDoesNotMatch');
    if (asked !== bucket) return void fail(404, 'NoSuchBucket');
    const refused = fake.refuse(method, key);
    if (refused !== null) return void fail(refused.status, refused.code);
    if (method === 'PUT') {
      const sha256 = createHash('sha256').update(body);
      const sum = sha256.copy().digest('base64');
      if (request.headers['x-amz-content-sha256'] !== sha256.digest('hex'))
        return void fail(400, 'XAmzContentSHA256Mismatch');
      if (request.headers['x-amz-checksum-sha256'] !== sum) return void fail(400, 'BadDigest');
      const kept = fake.spoil(body);
      objects.set(key, kept);
      sums.set(key, createHash('sha256').update(kept).digest('base64'));
      fake.changes.push(`PUT ${key}`);
      return void response.end();
    }
    if (method === 'DELETE') {
      objects.delete(key);
      fake.changes.push(`DELETE ${key}`);
      return void response.writeHead(204).end();
    }
    if (key === '')
      return void response.setHeader('content-type', 'application/xml').end(listing(objects, url));
    const found = objects.get(key);
    if (found === undefined) return void fail(404, 'NoSuchKey');
    response.setHeader('content-length', found.length);
    if (fake.keepsChecksums && request.headers['x-amz-checksum-mode'] === 'ENABLED')
      response.setHeader('x-amz-checksum-sha256', sums.get(key) ?? '');
    response.end(method === 'HEAD' ? '' : found);
  };
  const { url } = await serve((request, response) => void answer(request, response));
  return Object.assign(fake, { endpoint: url });
}

function listing(objects: ReadonlyMap<string, Buffer>, url: URL): string {
  const prefix = url.searchParams.get('prefix') ?? '';
  const from = Number(url.searchParams.get('continuation-token') ?? 0);
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  const contents = keys
    .slice(from, from + pageSize)
    .map((key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)?.length}</Size></Contents>`);
  const more = from + pageSize < keys.length;
  const token = more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : '';
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`;
}

function readAuthorization({ headers }: IncomingMessage): readonly [key: string, signature: string] {
  const text = headers.authorization ?? '';
  return [/Credential=([^/]*)\//.exec(text)?.[1] ?? '', /Signature=(\w+)$/.exec(text)?.[1] ?? ''];
}

/** What the signature of a request must be under the secret key "secret". */
function sign({ method = '', url = '', headers }: IncomingMessage): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const names = /SignedHeaders=([^,]*),/.exec(headers.authorization ?? '')?.[1] ?? '';
  const scope = /Credential=[^/]*\/([^,]*),/.exec(headers.authorization ?? '')?.[1] ?? '';
  const [path = '', query = ''] = url.split('?');
  const canonical = [
    method,
    path,
    query
      .split('&')
      .map((part) => (part === '' || part.includes('=') ? part : `${part}=`))
      .toSorted()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    names,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, 'AWS4secret');
  return hmac(key, ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n')).toString(
    'hex',
  );
}
