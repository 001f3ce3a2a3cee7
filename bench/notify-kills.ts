import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killSenders } from '../test/notifiers/kill-trial.ts';

/**
 * 200 random kills while 100 messages at a time are sent, to a server that
 * behaves like Slack and to a webhook.
 *
 * Usage: node bench/notify-kills.ts [KILLS] [DELIVERIES]
 */
const kills = Number(process.argv[2] ?? 200);
const deliveries = Number(process.argv[3] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-kills-'));
try {
  for (const kind of ['slack', 'webhook'] as const) {
    const { breaches, ...tally } = await killSenders(folder, kind, { deliveries, kills });
    console.log(JSON.stringify({ kind, ...tally, breaches: breaches.length }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
