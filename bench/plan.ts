/** A bench as `npm run bench` starts it. */
export interface Bench {
  /** Of the file, too: bench/NAME.ts. */
  readonly name: string;
  /** What it measures, for its row when it cannot be run. */
  readonly subject: string;
  /** Arguments for the sizes that docs/performance.md shows; `dataFolder` stands for a folder with real posts. */
  readonly full: readonly string[];
  /** For a look in a minute. */
  readonly quick: readonly string[];
  /** A file that the folder of real data must have, in itself or in a folder of it. */
  readonly data?: string;
}

export const dataFolder = 'DIR';
const tweets = 'airline-tweets.ndjson';

/** In the order of the table. The other files of bench/ stand in docs/performance.md with their commands. */
export const benches: readonly Bench[] = [
  {
    name: 'startup',
    subject: 'the start of commands and the first frame',
    full: ['15', '1000000'],
    quick: ['3', '20000'],
  },
  {
    name: 'persist',
    subject: 'storing posts',
    full: [dataFolder, '100000'],
    quick: [dataFolder, '10000'],
    data: tweets,
  },
  {
    name: 'pipeline',
    subject: 'the whole offline pipeline',
    full: [dataFolder, '1000000'],
    quick: [dataFolder, '20000'],
    data: tweets,
  },
  {
    name: 'grouping-time',
    subject: 'placing a post as the store grows',
    full: [dataFolder, '1000000'],
    quick: [dataFolder, '20000'],
    data: tweets,
  },
  {
    name: 'browse',
    subject: 'lists, searches, views and counts',
    full: ['1000000', '60'],
    quick: ['20000', '20'],
  },
  {
    name: 'memory',
    subject: 'memory of the terminal app',
    full: ['1000000', '20000'],
    quick: ['20000', '2000'],
  },
  {
    name: 'key-latency',
    subject: 'a key press to its frame',
    full: ['20000', '1000000'],
    quick: ['30000'],
  },
  { name: 'insight', subject: 'the figures of the dashboard', full: ['1000000', '3'], quick: ['20000', '1'] },
  { name: 'export', subject: 'exports', full: ['1000000'], quick: ['20000', 'ndjson,csv'] },
  { name: 'feeds', subject: 'a harvest of 500 feeds', full: ['500', '3'], quick: ['100', '1', '0'] },
  {
    name: 'api-load',
    subject: 'requests for a page of signals',
    full: ['100000', '2', '12'],
    quick: ['5000', '1', '4'],
  },
  { name: 'api-soak', subject: 'mixed load while a harvest runs', full: ['10'], quick: ['0.5'] },
  { name: 'api-fuzz', subject: 'random requests', full: ['20000', '7'], quick: ['1000', '7'] },
  { name: 'api-siege', subject: 'the server under siege', full: ['30'], quick: ['5'] },
  {
    name: 'offline-quality',
    subject: 'quality of the offline analyzer',
    full: [dataFolder],
    quick: [dataFolder],
    data: 'category-github-issues.jsonl',
  },
];
