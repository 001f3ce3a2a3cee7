import { UserError } from '../errors.ts';

const unreachable = [
  ...[
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ETIMEDOUT',
    'EPIPE',
  ],
  ...['TimeoutError', 'NetworkingError'],
];
const busy = [
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'TooManyRequestsException',
];
const damaged = [
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'XAmzContentChecksumMismatch',
  'IncompleteBody',
  'InvalidDigest',
];
const badKey = [
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'InvalidSecurity',
  'TokenRefreshRequired',
];
const badRegion = [
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'MovedPermanently',
];

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Worth another try: the service or the way to it is at fault, and perhaps only now. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return namesOf(error).some((name) => unreachable.includes(name) || busy.includes(name)) || status >= 500;
}

/** What the service or the network said, as a sentence with a fix; what is neither passes unchanged. */
export function explainS3Failure(
  error: unknown,
  { bucket, where, endpoint }: { readonly bucket: string; readonly where: string; readonly endpoint: string },
): unknown {
  if (error instanceof UserError) return error;
  const names = namesOf(error);
  const status = statusOf(error);
  const failure = describe(names, status, { bucket, where, service: endpoint === '' ? 'S3' : endpoint });
  if (failure === null) return error;
  return new UserError(failure.code, failure.message, { fix: failure.fix, exitCode: 4, cause: error });
}

function describe(
  names: readonly string[],
  status: number | null,
  { bucket, where, service }: { readonly bucket: string; readonly where: string; readonly service: string },
): Failure | null {
  const is = (known: readonly string[]) => names.some((name) => known.includes(name));
  if (is(badKey)) {
    return {
      code: 's3-bad-key',
      message: `${service} does not accept the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (${names[0]}).`,
      fix: 'Set both to a key that is valid now, and AWS_SESSION_TOKEN if the key came with one.',
    };
  }
  if (is(['NoSuchBucket'])) {
    return {
      code: 's3-no-bucket',
      message: `There is no bucket ${bucket} at ${service}.`,
      fix: 'Make it, or mend snapshots.s3.bucket (and endpoint, region, forcePathStyle).',
    };
  }
  if (is(badRegion) || status === 301) {
    return {
      code: 's3-region',
      message: `The bucket ${bucket} is not in the region that is configured.`,
      fix: 'Set snapshots.s3.region to the region of the bucket.',
    };
  }
  if (is(damaged)) {
    return {
      code: 's3-damaged',
      message: `What arrived at ${where} is not what was sent (${names[0]}).`,
      fix: 'Make another snapshot. If it happens again, something on the way changes what passes.',
    };
  }
  if (is(['AccessDenied', 'Forbidden', 'AllAccessDisabled']) || status === 403) {
    return {
      code: 's3-forbidden',
      message: `The key may not use ${where}.`,
      fix: 'Allow it s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there.',
    };
  }
  if (is(unreachable)) {
    return {
      code: 's3-unreachable',
      message: `${service} cannot be reached (${names[0]}).`,
      fix: 'Check the network and snapshots.s3.endpoint.',
    };
  }
  if (is(busy) || status === 429 || (status !== null && status >= 500)) {
    return {
      code: 's3-busy',
      message: `${service} asks for a pause or has trouble of its own (${names[0] ?? status}).`,
      fix: 'Try again later.',
    };
  }
  if (status === null) return null;
  return {
    code: 's3-refused',
    message: `${service} refused what was asked of ${where} (${names[0] ?? ''} ${status}).`,
    fix: 'Check snapshots.s3; docs/operations.md has what is needed of a service.',
  };
}

/** The name of the error, of its causes, and their system codes, most telling first. */
function namesOf(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let each = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth += 1) {
    if ('Code' in each) names.push(String(each.Code));
    if ('code' in each) names.push(String(each.code));
    names.push(each.name);
    // Node tries every address of a host and reports them together.
    if (each instanceof AggregateError) names.push(...each.errors.flatMap(namesOf));
  }
  return names;
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('$metadata' in error)) return null;
  const { $metadata: metadata } = error;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : null;
  return typeof status === 'number' ? status : null;
}
