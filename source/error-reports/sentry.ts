import type { ErrorGroup } from '../domain/error-group.ts';
import { UserError } from '../errors.ts';
import type { ErrorReporter } from '../ports/errors.ts';

const dsnShape = /^https?:\/\/\w+(?::\w+)?@[\w.-]+(?::\d{1,5})?(?:\/[\w-]+)*\/\d+$/;

/**
 * Sends groups to a collector that speaks Sentry's protocol. Of its SDK only
 * the envelope and the address of a DSN are used, and no client is made: that
 * would look at the environment, patch Node's modules and add fields of its
 * own. What is sent is the group as the store has it and nothing else.
 *
 * @param dsn a secret: its key lets everybody write to the project
 */
export function openSentryReporter(dsn: string): ErrorReporter {
  return {
    report: async (group, signal) => {
      const { createEventEnvelope, dsnFromString, getEnvelopeEndpointWithUrlEncodedAuth, serializeEnvelope } =
        await import('@sentry/core');
      // Asked about one that is none, the SDK would print it, and it is a secret.
      const address = dsnShape.test(dsn) ? dsnFromString(dsn) : undefined;
      if (address === undefined) {
        throw new UserError('bad-dsn', 'SENTRY_DSN is not a DSN.', {
          fix: 'Copy it from the settings of the project: https://KEY@HOST/PROJECT.',
        });
      }
      const answer = await fetch(getEnvelopeEndpointWithUrlEncodedAuth(address), {
        method: 'POST',
        headers: { 'content-type': 'application/x-sentry-envelope' },
        body: serializeEnvelope(createEventEnvelope(eventOf(group))),
        redirect: 'error',
        signal,
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
    },
  };
}

/** The fields of the group in the words of https://develop.sentry.dev/sdk/foundations/transport/event-payloads/. */
function eventOf(group: ErrorGroup) {
  const { fingerprint, type, message, code, origin, state, count, breadcrumbs } = group;
  return {
    // The same for every try, so that a group that arrives twice is kept once.
    event_id: `${fingerprint}${(group.regressedAt ?? group.firstSeenAt).toString(16).padStart(16, '0')}`,
    timestamp: group.lastSeenAt / 1000,
    platform: 'node',
    level: 'error' as const,
    release: `signal-harvester@${group.lastVersion}`,
    fingerprint: [fingerprint],
    exception: { values: [{ type, value: message, stacktrace: { frames: framesOf(group.stack) } }] },
    breadcrumbs: breadcrumbs.map(({ at, kind, text }) => ({
      timestamp: at / 1000,
      category: kind,
      message: text,
    })),
    tags: { origin, state, ...(code === null ? {} : { code }) },
    extra: { count, firstSeenAt: group.firstSeenAt, firstVersion: group.firstVersion },
  };
}

/** Oldest call first, as the protocol has it. */
function framesOf(stack: string) {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('at '))
    .map((line) => {
      const [, name, file = '', row, column] =
        /^at (?:(.*) \()?(.*?)(?::(\d+))?(?::(\d+))?\)?$/.exec(line) ?? [];
      return {
        ...(name === undefined ? {} : { function: name }),
        filename: file,
        ...(row === undefined ? {} : { lineno: Number(row) }),
        ...(column === undefined ? {} : { colno: Number(column) }),
        in_app: !/^node:|node_modules\/|^\[path\]/.test(file),
      };
    })
    .reverse();
}
