import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { notifiersSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { outgoing, signalMessage, updateMessage } from './messages.ts';

async function smtp(options: SMTPServerOptions, config: object = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let mail = '';
      stream.on('data', (part: Buffer) => {
        mail += part.toString('utf8');
      });
      stream.on('end', () => {
        mails.push(mail);
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve((listening.address() as { port: number }).port),
    );
  });
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const [notifier] = openNotifiers(
    notifiersSchema.parse([
      {
        name: 'mail',
        kind: 'email',
        host: '127.0.0.1',
        port,
        requireTls: false,
        from: 'signals@acme.example',
        to: ['ann@acme.example', 'bob@acme.example'],
        timeoutMs: 1_000,
        ...config,
      },
    ]),
    { clock: systemClock, secrets: { SMTP_PASSWORD: 'good' }, stdout: null },
  );
  if (notifier === undefined) throw new Error('nothing was opened');
  return { notifier, mails };
}

const refuse = (code: number) => Object.assign(new Error('no'), { responseCode: code });

describe('e-mail', () => {
  test('has the same id at every try, and answers the mail that told of the signal', async () => {
    const { notifier, mails } = await smtp({});
    const first = await notifier.send(outgoing());
    await notifier.send(outgoing());
    const reference = 'receipt' in first ? first.receipt.reference : null;
    await notifier.send(outgoing({ key: 'second-delivery', message: updateMessage, thread: reference }));
    const ids = mails.map((mail) => /^Message-ID: (.*)\r$/m.exec(mail)?.[1]);
    expect(ids).toEqual([reference, reference, '<second-delivery@acme.example>']);
    expect(mails[2]).toContain(`In-Reply-To: ${reference}`);
    expect(mails[2]).toContain(`References: ${reference}`);
    expect(mails[0]).toContain('Auto-Submitted: auto-generated');
    expect(mails[0]).toContain('To: ann@acme.example, bob@acme.example');
  });

  test('lets no post add a header or a recipient', async () => {
    const { notifier, mails } = await smtp({});
    const text = 'down\r\nBcc: eve@evil.example\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>';
    await notifier.send(
      outgoing({ message: signalMessage({ text, title: text, category: 'a\r\nBcc: eve@evil.example' }) }),
    );
    const [head = ''] = (mails[0] ?? '').split('\r\n\r\n');
    expect(head).not.toMatch(/^Bcc:/m);
    expect(mails).toHaveLength(1);
  });

  test.each<[string, SMTPServerOptions, object, object]>([
    [
      'a refused login',
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => done(new Error('no')),
      },
      { user: 'me' },
      { code: 'smtp-auth', policy: 'later', fix: expect.stringContaining('SMTP_PASSWORD') },
    ],
    [
      'a recipient that is full',
      { onRcptTo: (_address, _session, done) => done(refuse(452)) },
      {},
      { code: 'smtp-452', policy: 'again', arrived: 'no' },
    ],
    [
      'a recipient that is unknown',
      { onRcptTo: (_address, _session, done) => done(refuse(550)) },
      {},
      { code: 'smtp-550', policy: 'never', arrived: 'no' },
    ],
    ['no encryption', {}, { requireTls: true }, { code: 'smtp-tls', policy: 'later', arrived: 'no' }],
    [
      'silence after the message',
      { onData: (stream) => void stream.resume() },
      {},
      { policy: 'again', arrived: 'unknown' },
    ],
  ])('met with %s says so in words of its own', async (_name, options, config, failure) => {
    const { notifier } = await smtp(options, config);
    expect(await notifier.send(outgoing())).toMatchObject({ failure });
  });
});
