import { z } from 'zod';
import { weekdays } from '../domain/calendar.ts';
import { ruleSubjects, spikeSubjects } from '../domain/rules.ts';
import { parseSearch } from '../domain/search-parser.ts';
import { unknownFact } from '../domain/template.ts';
import { isTimeZone } from '../domain/wall-clock.ts';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'a name of lower-case letters, digits, ".", "_" or "-" (at most 60)');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as "09:00"');
/** A search of docs/search.md; a mistake in it is one of the file. */
export const searchText = z
  .string()
  .max(2_000)
  .refine((text) => parseSearch(text).ok, 'a search (see docs/search.md)')
  .default('');
const address = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[^\s@<>,]+@[^\s@<>,]+$/, 'an e-mail address');

const notifierBase = {
  name: name.describe('Unique name of the notifier; rules name it'),
  enabled: z.boolean().default(true).describe('false keeps it in the file; its rules tell nobody'),
  timeoutMs: z
    .int()
    .min(500)
    .max(120_000)
    .default(15_000)
    .describe('Time limit of one request, in milliseconds'),
};

const slackSchema = z.strictObject({
  ...notifierBase,
  kind: z.literal('slack').describe('Slack, through an app with a bot token in SLACK_BOT_TOKEN'),
  channel: z
    .string()
    .regex(/^#?[^\s#@]{1,80}$/, 'a channel by name (alerts) or id (C0123456789)')
    .describe('Channel by name or id'),
  pauseMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(1_100)
    .describe('Pause between two messages, in milliseconds; Slack allows about one a second'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://slack.com/api/')
    .describe('Where the API is; for tests'),
});

const slackWebhookSchema = z.strictObject({
  ...notifierBase,
  kind: z.literal('slack-webhook').describe('Slack, through an incoming webhook in SLACK_WEBHOOK_URL'),
});

const webhookSchema = z.strictObject({
  ...notifierBase,
  kind: z.literal('webhook').describe('A program of your own: signed JSON by HTTP POST'),
  url: z.url({ protocol: /^https?$/ }).describe('Address that takes the messages'),
});

const emailSchema = z.strictObject({
  ...notifierBase,
  kind: z.literal('email').describe('E-mail by SMTP, with the password in SMTP_PASSWORD'),
  host: z.string().min(1).max(255).describe('Host of the SMTP server'),
  port: z.int().min(1).max(65_535).default(587).describe('Its port'),
  secure: z
    .boolean()
    .default(false)
    .describe('true speaks TLS from the start (port 465); false begins in clear text and asks for STARTTLS'),
  requireTls: z.boolean().default(true).describe('Refuse a server that offers no encryption'),
  user: z.string().max(320).default('').describe('User of the SMTP server; empty logs in as nobody'),
  from: address.describe('Sender'),
  to: z.array(address).min(1).max(50).describe('Recipients'),
});

const stdoutSchema = z.strictObject({
  ...notifierBase,
  kind: z.literal('stdout').describe('Standard output of "run" and "notify", for cron'),
});

const notifierSchema = z.discriminatedUnion('kind', [
  slackSchema,
  slackWebhookSchema,
  webhookSchema,
  emailSchema,
  stdoutSchema,
]);

const quietHoursSchema = z.strictObject({
  from: clock.describe('Time at which nobody is told any more'),
  to: clock.describe(
    'Time from which on what was put off is told; at or before "from" it is on the next day',
  ),
  weekdays: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...weekdays])
    .describe('Days on which it begins'),
});

const ruleSchema = z
  .strictObject({
    name: name.describe('Unique name of the rule'),
    enabled: z.boolean().default(true).describe('false keeps the rule in the file and tells nobody'),
    on: z
      .enum(ruleSubjects)
      .default('signal')
      .describe(
        'signal; feedback: what people say of the program; or error: errors of the program itself, new or back again. Of the rest only notifier, maxAgeHours, perRun, perHour and quietHours count then',
      ),
    query: searchText.describe('Search for the signals that it tells of; empty means all'),
    notifier: name.describe('Name of the notifier that is told'),
    minSalience: z.number().min(0).max(100).default(0).describe('Least salience at the time of telling'),
    maxAgeHours: z
      .number()
      .min(0.1)
      .max(8_760)
      .nullable()
      .default(null)
      .describe('What was written earlier is no news; null means 24 hours, or two periods of a digest'),
    perRun: z.int().min(1).max(1_000).default(10).describe('Signals that one run tells of at most'),
    perHour: z.int().min(1).max(1_000).default(20).describe('The same for one hour'),
    template: z
      .string()
      .min(1)
      .max(1_000)
      .refine(
        (text) => unknownFact(text) === null,
        'full, short, or a text with {category}, {salience}, {text}, {url} and the like',
      )
      .default('full')
      .describe('How much is said: full, short, or a text of your own with facts in braces'),
    thread: z
      .boolean()
      .default(true)
      .describe(
        'Tell what becomes of a signal too: echoes, new sources, an escalation; in its thread where there are threads',
      ),
    digest: z
      .strictObject({
        every: z.enum(['daily', 'weekly']).describe('How often'),
        at: clock.default('09:00').describe('Time of day'),
        weekday: z.enum(weekdays).default('monday').describe('Day of a weekly one'),
        allQuiet: z.boolean().default(false).describe('Send one too when there is nothing to tell'),
      })
      .nullable()
      .default(null)
      .describe('One message for all that was not told yet, instead of one for each'),
    spike: z
      .strictObject({
        by: z.enum(spikeSubjects).describe('What posts are counted by'),
        least: z.int().min(2).max(1_000_000).default(8).describe('Fewer posts in an hour are never a spike'),
        only: z
          .array(z.string().min(1).max(60))
          .default([])
          .describe('These categories, sources or tags only; empty means all'),
      })
      .nullable()
      .default(null)
      .describe(
        'Tell when a rate is far above its usual, instead of signals; query, minSalience and the limits do not count',
      ),
    quietHours: z
      .array(quietHoursSchema)
      .max(20)
      .nullable()
      .default(null)
      .describe('When nobody is told: put off, never dropped; null takes those of notify.quietHours'),
    urgent: searchText.describe('Search for what is told in quiet hours too; empty means nothing is'),
  })
  .refine(
    ({ on, digest, spike }) => on === 'signal' || (digest === null && spike === null),
    'digest and spike for rules of signals only',
  );

export const notifySchema = z
  .strictObject({
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, 'the name of a time zone, such as Europe/Berlin')
      .default('')
      .describe('Zone of quiet hours and digests, such as Europe/Berlin; empty is that of this machine'),
    quietHours: z
      .array(quietHoursSchema)
      .max(20)
      .default([])
      .describe('Quiet hours of every rule without its own'),
    maxAttempts: z
      .int()
      .min(1)
      .max(50)
      .default(8)
      .describe('Tries after which a delivery is given up and kept as a dead letter'),
    giveUpHours: z
      .number()
      .min(1)
      .max(8_760)
      .default(72)
      .describe('Hours for which what only a person can mend (a token, a channel) is tried again'),
    updates: z
      .strictObject({
        echoes: z
          .int()
          .min(1)
          .max(10_000)
          .default(10)
          .describe('So many more echoes are told; a new source always is'),
        pauseMinutes: z
          .number()
          .min(0)
          .max(10_080)
          .default(30)
          .describe('Least time between two messages about one signal'),
        days: z
          .number()
          .min(0.01)
          .max(365)
          .default(7)
          .describe('Days for which what becomes of a signal is told'),
      })
      .prefault({})
      .describe('What becomes of a signal that was told'),
  })
  .prefault({})
  .describe('What holds for all rules');

export const notifiersSchema = z
  .array(notifierSchema)
  .max(50)
  .refine((notifiers) => repeatedName(notifiers) === null, 'notifiers with names of their own')
  .default([])
  .describe('Who can be told');

export const rulesSchema = z
  .array(ruleSchema)
  .max(200)
  .refine((rules) => repeatedName(rules) === null, 'rules with names of their own')
  .default([])
  .describe('Who is told of what; the first rule that matches tells, each notifier once');

function repeatedName(entries: readonly { readonly name: string }[]): string | null {
  const names = entries.map((entry) => entry.name);
  return names.find((each, index) => names.indexOf(each) !== index) ?? null;
}

export type NotifierConfig = z.infer<typeof notifierSchema>;
export type NotifierKind<Kind extends NotifierConfig['kind']> = Extract<NotifierConfig, { kind: Kind }>;
