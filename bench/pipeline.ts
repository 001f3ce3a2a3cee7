/**
 * The whole offline pipeline, from a file of posts to scored signals: node bench/pipeline.ts FOLDER [POSTS]
 *
 * FOLDER holds airline-tweets.ndjson (see post-texts.ts). The posts are spread
 * over a year. Prints for each tenth of the file posts a second, and time of
 * the processor (of the whole process) a post, which is what to look at on a
 * machine with other work; what the last tenth is of the first by both; and
 * the rate of the whole against that of raw prepared inserts of as many posts
 * into the same tables and indexes. A tenth ends when its posts are grouped:
 * while the file is read, posts are stored faster than they are grouped, so the
 * first tenths carry more than their share of reading and storing.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { readConfig } from '../source/compose/config.ts';
import { composeHarvester } from '../source/compose.ts';
import { tellFigure } from './figure.ts';
import { postPages } from './post-pages.ts';
import { rawInsertRate } from './raw-inserts.ts';

const [folder, count = '1000000', written] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/pipeline.ts FOLDER [POSTS]');
const total = Number(count);
const now = Date.now();

if (written !== undefined) {
  await writePosts(written);
  process.exit();
}
const place = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
try {
  const path = join(place, 'posts.ndjson');
  // In a process of its own: what it leaves behind is no memory of the pipeline.
  spawnSync(process.execPath, [import.meta.filename, folder, count, path], { stdio: 'inherit' });
  const env = {
    SIGNAL_HARVESTER_STORE__PATH: join(place, 'store.sqlite'),
    SIGNAL_HARVESTER_LOG__PATH: join(place, 'log'),
    SIGNAL_HARVESTER_RUN__MAX_POSTS_PER_SOURCE: String(Math.min(1_000_000, total)),
    HOME: place,
    XDG_CONFIG_HOME: place,
  };
  const harvester = await composeHarvester(await readConfig({ cwd: place, env }));
  const step = total / 10;
  const marks: { readonly rate: number; readonly cpuUs: number }[] = [];
  const cpuUs = () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const cpuAtStartUs = cpuUs();
  let at = performance.now();
  let cpuAtUs = cpuAtStartUs;
  const run = await harvester.run(
    { sources: [], adHoc: [{ name: 'bench', kind: 'file', path }] },
    {
      onProgress: ({ stages }) => {
        const grouped = stages.find(({ name }) => name === 'group')?.done ?? 0;
        while (grouped >= step * (marks.length + 1) && marks.length < 10) {
          const rate = step / ((performance.now() - at) / 1000);
          const taken = (cpuUs() - cpuAtUs) / step;
          at = performance.now();
          cpuAtUs = cpuUs();
          marks.push({ rate, cpuUs: taken });
          const memory = process.memoryUsage.rss() / 2 ** 20;
          console.log(
            `${String(step * marks.length).padStart(8)} posts  ${rate.toFixed(0).padStart(6)} posts/s  ${taken.toFixed(0).padStart(4)} µs of processor a post  ${memory.toFixed(0)} MB`,
          );
        }
      },
    },
  );
  const wholeUs = (cpuUs() - cpuAtStartUs) / total;
  await harvester.close();
  const rate = total / (run.elapsedMs / 1000);
  const floor = await rawInsertRate(place, postPages(folder, total, { now }));
  console.log(
    `${run.signals} signals, ${run.state}; store ${(statSync(join(place, 'store.sqlite')).size / 2 ** 20).toFixed(0)} MB`,
  );
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined) throw new Error('fewer posts than tenths');
  console.log(
    `${wholeUs.toFixed(0)} µs of processor a post; first tenth / last by processor ${(first.cpuUs / last.cpuUs).toFixed(2)}`,
  );
  const size = `${total.toLocaleString('en-US')} posts`;
  tellFigure({
    what: `the whole offline pipeline, ${size}`,
    value: rate,
    unit: 'posts/s',
    floor: { what: 'raw inserts', value: floor },
    aim: { of: 'value', least: 5000 },
  });
  tellFigure({
    what: `the last tenth of these ${size}`,
    value: last.rate,
    unit: 'posts/s',
    floor: { what: 'the first tenth', value: first.rate },
    aim: { of: 'ratio', least: 0.8 },
  });
} finally {
  rmSync(place, { recursive: true });
}

async function writePosts(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const posts of postPages(folder ?? '', total, { now })) {
    for (const { externalId, author, text, createdAt, engagement } of posts) {
      const row = {
        id: externalId,
        author,
        text,
        createdAt: new Date(createdAt).toISOString(),
        likes: engagement.likes,
      };
      if (!file.write(`${JSON.stringify(row)}\n`)) await once(file, 'drain');
    }
  }
  file.end();
  await finished(file);
}
