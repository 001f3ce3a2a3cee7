/**
 * The least that a server must do for the first page of signals: Node's own
 * HTTP server, the same two prepared statements, the same rows as JSON. No
 * keys, limits, log, figures, tags or links. Prints its port.
 *
 * Usage: node bench/api-floor-child.ts STORE
 */
import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import { anySource, configSchema } from '../source/config/schema.ts';
import { salienceAt } from '../source/domain/score.ts';
import { type SignalListRecord, signalRowFrom } from '../source/store/rows.ts';

const connection = new Database(process.argv[2] ?? '', { readonly: true });
connection.pragma('cache_size = -65536');
const places = connection.prepare<[number], { id: number; key: number }>(
  `SELECT signals.id AS id, signals.rank AS key FROM signals INDEXED BY signals_by_rank
   WHERE mergedInto IS NULL AND signals.rank IS NOT NULL ORDER BY signals.rank DESC, signals.id DESC LIMIT ? + 0`,
);
const rows = connection.prepare<[string], SignalListRecord>(
  `select signals.id, signals.status, signals.createdAt, signals.lastSeenAt, signals.echoes, signals.category,
     signals.rank, signals.source, posts.kind, posts.author, posts.title, posts.text, posts.url, signals.sentiment,
     signals.urgency, signals.tags, signals.assignee, signals.snooze, signals.regressed, analyses.tags as analyzedTags
   from signals inner join posts on posts.id = signals.leadPostId
   left join analyses on analyses.signalId = signals.id
   where signals.id IN (SELECT value FROM json_each(?))`,
);

const settings = configSchema(anySource).parse({}).score;

const server = createServer((_request, response) => {
  const order = places.all(51);
  const byId = new Map(rows.all(JSON.stringify(order.map(({ id }) => id))).map((row) => [row.id, row]));
  const now = Date.now();
  const signals = order.slice(0, 50).flatMap(({ id }) => {
    const record = byId.get(id);
    if (record === undefined) return [];
    const row = signalRowFrom(record);
    return [{ ...row, salience: row.rank === null ? null : salienceAt(row.rank, now, settings) }];
  });
  const body = JSON.stringify({ signals });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(address.port);
});
