import { z } from 'zod';

/** "15m", "never", or a cron expression of five or six fields; what cron expressions mean is judged when they are used. */
const when = z
  .string()
  .regex(
    /^(?:never|[1-9]\d{0,4}[smhd]|[\d*/,?L#A-Za-z-]+(?: +[\d*/,?L#A-Za-z-]+){4,5})$/,
    'an interval (90s, 15m, 6h, 1d), a cron expression (0 8 * * 1-5) or never',
  );

export const serverSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .max(255)
      .default('127.0.0.1')
      .describe('Address to listen on; another than loopback needs at least one API key'),
    port: z.int().min(0).max(65_535).default(8707).describe('Port to listen on; 0 takes any that is free'),
    allowWithoutKey: z
      .boolean()
      .default(false)
      .describe('true lets everybody on this machine in as long as there is no key, on loopback only'),
    trustProxy: z
      .array(z.string().min(1).max(100))
      .default([])
      .describe('Addresses or networks of proxies whose X-Forwarded-For is believed'),
    corsOrigins: z
      .array(z.url({ protocol: /^https?$/ }))
      .default([])
      .describe('Sites whose scripts may call the API from a browser; none by default'),
    limits: z
      .strictObject({
        requestsPerMinute: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(600)
          .describe('Requests of one key, or of one address without a key, in a minute'),
        failedKeysPerMinute: z
          .int()
          .min(1)
          .max(100_000)
          .default(10)
          .describe('Requests of one address with a wrong key, or none where one is needed, in a minute'),
        bodyBytes: z
          .int()
          .min(1024)
          .max(268_435_456)
          .default(2_097_152)
          .describe('Largest body of a request, in bytes'),
        headerBytes: z
          .int()
          .min(2048)
          .max(1_048_576)
          .default(16_384)
          .describe('All headers of a request, in bytes'),
        urlBytes: z
          .int()
          .min(256)
          .max(65_536)
          .default(8192)
          .describe('Longest address of a request, in bytes'),
        requestTimeoutMs: z
          .int()
          .min(500)
          .max(600_000)
          .default(30_000)
          .describe('Time in which a request must have arrived whole, in milliseconds'),
        connections: z
          .int()
          .min(1)
          .max(100_000)
          .default(1000)
          .describe('Connections at the same time; further ones are closed'),
        eventStreams: z
          .int()
          .min(0)
          .max(10_000)
          .default(100)
          .describe('Streams of events (/v1/events) at the same time'),
      })
      .prefault({})
      .describe('What one client may ask for'),
    drainMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(10_000)
      .describe('Time that requests and the run get to end after SIGTERM, in milliseconds'),
    auditDays: z.int().min(31).max(36_500).default(365).describe('Days that the audit trail is kept'),
  })
  .prefault({})
  .describe('The HTTP server of headless mode');

export const scheduleSchema = z
  .strictObject({
    every: when
      .default('15m')
      .describe('When the sources are run: an interval (15m), a cron expression (0 8 * * 1-5) or never'),
    sources: z
      .record(z.string().min(1).max(60), when)
      .default({})
      .describe('Sources with a schedule of their own, by name: {hn: 5m}; the others follow "every"'),
    snapshots: when
      .default('never')
      .describe(
        'When a snapshot is made (and copied, and uploaded): an interval, a cron expression or never',
      ),
    jitterSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(30)
      .describe('Each run begins up to this much later, by chance, so that not everybody asks at once'),
    timeZone: z
      .string()
      .max(60)
      .default('UTC')
      .describe('Time zone of cron expressions, such as Europe/Berlin'),
    staleAfterHours: z
      .number()
      .min(0)
      .max(8760)
      .default(0)
      .describe('Hours without a run after which /ready says so; 0 is three times the pause of "every"'),
  })
  .prefault({})
  .describe('When headless mode runs the sources');
