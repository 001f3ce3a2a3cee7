import type { Transporter } from 'nodemailer';
import type { NotifierKind } from '../config/notify-schema.ts';
import { subjectOf, textOf } from '../domain/message-text.ts';
import type { Notifier, SendFailure } from '../ports/notifier.ts';
import { networkFailure } from './failure.ts';

interface EmailTools {
  readonly password: string | null;
}

/**
 * E-mail by SMTP, plain text. The Message-ID is made from the delivery key, the
 * same at every try: mail servers that drop repeated ids deliver once. Replies
 * name the message that they answer, so mail programs show them together.
 */
export function createEmailNotifier(config: NotifierKind<'email'>, { password }: EmailTools): Notifier {
  const { name, kind, host, from, to, user, timeoutMs } = config;
  const domain = from.split('@')[1] ?? 'localhost';
  const idOf = (key: string) => `<${key}@${domain}>`;
  return {
    name,
    kind,
    threads: true,
    timeoutMs,
    pauseMs: 0,
    send: async ({ key, message, thread, createdAt }) => {
      const transport = await openTransport(config, password);
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: subjectOf(message),
          text: textOf(message),
          messageId: idOf(key),
          date: new Date(createdAt),
          ...(thread === null ? {} : { inReplyTo: thread, references: [thread] }),
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { receipt: { reference: idOf(key) } };
      } catch (error) {
        const failure = explain(error, host);
        if (failure === null) throw error;
        return { failure };
      } finally {
        transport.close();
      }
    },
    check: async () => {
      const transport = await openTransport(config, password);
      try {
        await transport.verify();
        return { state: 'ok', finding: `${host} accepts ${user === '' ? 'mail' : user}`, fix: null };
      } catch (error) {
        const failure = explain(error, host);
        if (failure === null) throw error;
        return { state: 'failed', finding: failure.message, fix: failure.fix };
      } finally {
        transport.close();
      }
    },
  };
}

async function openTransport(
  { host, port, secure, requireTls, user, timeoutMs }: NotifierKind<'email'>,
  password: string | null,
): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure,
    requireTLS: requireTls && !secure,
    ignoreTLS: !requireTls && !secure,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } }),
  });
}

/** Null for a bug. */
function explain(error: unknown, host: string): SendFailure | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status =
    'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const answered = { arrived: 'no' as const, until: null };
  if (code === 'EAUTH' || status === 535 || status === 530) {
    return {
      ...answered,
      code: 'smtp-auth',
      message: `${host} does not accept the user and its password.`,
      fix: 'Check "user" of the notifier and SMTP_PASSWORD; many providers want an app password.',
      policy: 'later',
    };
  }
  if (code === 'ETLS') {
    return {
      ...answered,
      code: 'smtp-tls',
      message: `${host} offers no encryption that can be used.`,
      fix: 'Set "secure: true" with port 465, or "requireTls: false" for a server on your own network.',
      policy: 'later',
    };
  }
  if (status !== null && status >= 400 && status < 500) {
    return {
      ...answered,
      code: `smtp-${status}`,
      message: `${host} does not take the message now (${status}).`,
      fix: null,
      policy: 'again',
    };
  }
  if (status !== null && status >= 500) {
    return {
      ...answered,
      code: `smtp-${status}`,
      message: `${host} refuses the message (${status}).`,
      fix: 'Check "from" and "to" of the notifier.',
      policy: 'never',
    };
  }
  return networkFailure(error, host);
}
