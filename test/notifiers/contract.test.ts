import { Writable } from 'node:stream';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { notifiersSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import { systemClock } from '../../source/ports/clock.ts';
import type { Notifier } from '../../source/ports/notifier.ts';
import { notifierContract } from '../contracts/notifier.ts';
import { createFakeSlack, fakeSlack } from './fake-slack.ts';
import { listen } from './listen.ts';

function open(
  config: object,
  secrets: Record<string, string> = {},
  stdout: NodeJS.WritableStream | null = null,
): Notifier {
  const configs = notifiersSchema.parse([{ name: 'team', timeoutMs: 1_000, ...config }]);
  const [notifier] = openNotifiers(configs, { clock: systemClock, secrets, stdout });
  if (notifier === undefined) throw new Error('nothing was opened');
  return notifier;
}

notifierContract('slack', async () => {
  const world = createFakeSlack();
  const { url, close } = await listen(fakeSlack(world));
  const config = { kind: 'slack', channel: 'alerts', baseUrl: `${url}/api/`, pauseMs: 0 };
  return {
    notifier: open(config, { SLACK_BOT_TOKEN: 'xoxb-good' }),
    arrived: () => world.messages.map(({ body }) => JSON.stringify(body)),
    goAway: close,
    lockOut: async () => open(config, { SLACK_BOT_TOKEN: 'xoxb-bad' }),
  };
});

notifierContract('slack-webhook', async () => {
  const bodies: string[] = [];
  const { url, close } = await listen((_request, response, body) => {
    bodies.push(body);
    response.end('ok');
  });
  return {
    notifier: open({ kind: 'slack-webhook' }, { SLACK_WEBHOOK_URL: url }),
    arrived: () => bodies,
    goAway: close,
    lockOut: async () => open({ kind: 'slack-webhook' }),
  };
});

notifierContract('webhook', async () => {
  const bodies: string[] = [];
  let status = 204;
  const { url, close } = await listen((_request, response, body) => {
    if (status < 300) bodies.push(body);
    response.writeHead(status).end();
  });
  const notifier = open({ kind: 'webhook', url }, { WEBHOOK_SECRET: 's3cret' });
  return {
    notifier,
    arrived: () => bodies,
    goAway: close,
    lockOut: async () => {
      status = 401;
      return notifier;
    },
  };
});

notifierContract('email', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password }, _session, done) =>
      password === 'good' ? done(null, { user: 'me' }) : done(new Error('no')),
    onData: (stream, _session, done) => {
      let mail = '';
      stream.on('data', (part: Buffer) => {
        mail += part.toString('utf8');
      });
      stream.on('end', () => {
        mails.push(readable(mail));
        done();
      });
    },
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () =>
      resolve((listening.address() as { port: number }).port),
    );
  });
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  const config = {
    kind: 'email',
    host: '127.0.0.1',
    port,
    requireTls: false,
    user: 'me',
    from: 'signals@acme.example',
    to: ['ann@acme.example'],
  };
  return {
    notifier: open(config, { SMTP_PASSWORD: 'good' }),
    arrived: () => mails,
    goAway: close,
    lockOut: async () => open(config, { SMTP_PASSWORD: 'bad' }),
  };
});

notifierContract('stdout', async () => {
  const written: string[] = [];
  const stdout = new Writable({
    write: (part: Buffer, _encoding, done) => {
      written.push(part.toString('utf8'));
      done();
    },
  });
  return {
    notifier: open({ kind: 'stdout' }, {}, stdout),
    arrived: () => written,
    goAway: async () => undefined,
  };
});

/** Soft line breaks of quoted-printable, and the bytes that it writes as "=C3". */
function readable(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));
}
