import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { errorStates } from '../domain/error-group.ts';
import type { RunProgress } from '../domain/run.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { standingOf } from '../harvester/source-state.ts';
import type { Totals } from '../harvester/upkeep.ts';
import { collectTimings } from './timing-metrics.ts';

const prefix = 'signal_harvester_';
/** Some of the totals are counted by reading a whole table: not more often than this. */
const freshMs = 15_000;

/** What Prometheus may ask for. Labels are names of the configuration and words of ours, never text of posts. */
export class Metrics {
  readonly registry = new Registry();
  readonly #http;
  readonly #runs;
  readonly #runSeconds;
  readonly #stageSeconds;
  readonly #posts;
  readonly #analyses;
  readonly #stages = new Map<string, { from: number; to: number; done: number }>();
  #lastRun = 0;
  #totals: { readonly at: number; readonly value: Promise<Totals> } | null = null;

  constructor(harvester: Harvester, now: () => number) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    // Gauges that are named as counters: promtool refuses them.
    for (const kind of ['handles', 'requests', 'resources']) {
      this.registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    }
    this.#http = new Histogram({
      name: `${prefix}http_request_duration_seconds`,
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
    this.#runs = new Counter({
      name: `${prefix}runs_total`,
      help: 'Runs that have ended in this process, by how',
      labelNames: ['state'],
      registers,
    });
    this.#runSeconds = new Histogram({
      name: `${prefix}run_duration_seconds`,
      help: 'Time of a run',
      buckets: [1, 5, 15, 60, 300, 900, 3600],
      registers,
    });
    this.#stageSeconds = new Histogram({
      name: `${prefix}stage_duration_seconds`,
      help: 'From the first to the last work of a stage in a run, to a quarter of a second',
      labelNames: ['stage'],
      buckets: [0.25, 1, 5, 15, 60, 300, 900, 3600],
      registers,
    });
    this.#posts = new Counter({
      name: `${prefix}run_posts_total`,
      help: 'Posts that runs of this process fetched, by source and what became of them',
      labelNames: ['source', 'outcome'],
      registers,
    });
    this.#analyses = new Counter({
      name: `${prefix}run_analyses_total`,
      help: 'Signals that runs of this process analyzed, by analyzer; failed counts runs in which it gave up',
      labelNames: ['analyzer', 'outcome'],
      registers,
    });
    this.#collectTotals(harvester);
    this.#collectSources(harvester, now);
    collectTimings(this.registry, () => harvester.timings.read());
  }

  /** `route` is the pattern, never the address: addresses are without number. */
  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.#http.labels(method, route, String(status)).observe(seconds);
  }

  watchRun(run: Pick<RunProgress, 'id' | 'startedAt' | 'stages'>, at: number): void {
    if (run.id !== this.#lastRun) this.#stages.clear();
    this.#lastRun = run.id;
    for (const { name, done, total } of run.stages) {
      const seen = this.#stages.get(name);
      if (seen === undefined && total > 0) this.#stages.set(name, { from: run.startedAt, to: at, done });
      else if (seen !== undefined && done !== seen.done) Object.assign(seen, { to: at, done });
    }
  }

  countRun(run: RunProgress): void {
    this.#runs.labels(run.state).inc();
    this.#runSeconds.observe(run.elapsedMs / 1000);
    for (const [stage, { from, to }] of this.#stages) {
      this.#stageSeconds.labels(stage).observe((to - from) / 1000);
    }
    for (const source of run.sources) {
      for (const outcome of ['added', 'seen', 'excluded', 'echoes'] as const) {
        this.#posts.labels(source.name, outcome).inc(source[outcome]);
      }
    }
    for (const { name, analyzed, error } of run.analyzers) {
      this.#analyses.labels(name, 'done').inc(analyzed);
      this.#analyses.labels(name, 'failed').inc(error === null ? 0 : 1);
    }
  }

  #freshTotals(harvester: Harvester): Promise<Totals> {
    const at = performance.now();
    if (this.#totals === null || at - this.#totals.at > freshMs) {
      this.#totals = { at, value: harvester.upkeep.totals() };
    }
    return this.#totals.value;
  }

  /** Read when asked for: they count what every process did on this store. */
  #collectTotals(harvester: Harvester): void {
    const gauge = (
      name: string,
      help: string,
      labels: string[],
      set: (gauge: Gauge, totals: Totals) => void,
    ) => {
      const collectTotals = () => this.#freshTotals(harvester);
      new Gauge({
        name: `${prefix}${name}`,
        help,
        labelNames: labels,
        registers: [this.registry],
        async collect() {
          const totals = await collectTotals();
          this.reset();
          set(this, totals);
        },
      });
    };
    gauge('posts', 'Posts stored, by source', ['source'], (each, { sources }) => {
      for (const { source, posts } of sources) each.labels(source).set(posts);
    });
    gauge('source_cost_dollars', 'What metered reads have cost', ['source'], (each, { sources }) => {
      for (const { source, usd } of sources) each.labels(source).set(usd);
    });
    gauge('analyses', 'Analyses stored, by who made them', ['analyzer'], (each, { analyses }) => {
      for (const { analyzer, count } of analyses) each.labels(analyzer).set(count);
    });
    gauge('model_requests', 'Requests to models', ['model'], (each, { models }) => {
      for (const { model, requests } of models) each.labels(model).set(requests);
    });
    gauge('model_tokens', 'Tokens of models', ['model', 'kind'], (each, { models }) => {
      for (const { model, inputTokens, cachedTokens, outputTokens } of models) {
        each.labels(model, 'input').set(inputTokens);
        each.labels(model, 'cached').set(cachedTokens);
        each.labels(model, 'output').set(outputTokens);
      }
    });
    gauge('model_cost_dollars', 'What models have cost', ['model'], (each, { models }) => {
      for (const { model, usd } of models) each.labels(model).set(usd);
    });
    gauge('queue', 'What waits for a stage', ['stage'], (each, { pending }) => {
      each.labels('group').set(pending.ungrouped);
      each.labels('analyze').set(pending.unanalyzed);
      each.labels('score').set(pending.unscored);
    });
  }

  #collectSources(harvester: Harvester, now: () => number): void {
    const states = ['off', 'limited', 'failing', 'silent', 'new', 'well'] as const;
    new Gauge({
      name: `${prefix}source_state`,
      help: '1 for the state that a source is in',
      labelNames: ['source', 'state'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const source of await harvester.sources.list()) {
          const standing = standingOf(source);
          for (const state of states) this.labels(source.name, state).set(state === standing ? 1 : 0);
        }
      },
    });
    new Gauge({
      name: `${prefix}deliveries`,
      help: 'Messages to notifiers, by state',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const [state, count] of Object.entries(await harvester.notifications.counts())) {
          this.labels(state).set(count);
        }
      },
    });
    // The fingerprint is no label: the number of types is bounded, that of bugs is not.
    new Counter({
      name: `${prefix}errors_total`,
      help: 'Errors of the program itself, of every process on this store, by type',
      labelNames: ['type'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const { type, occurrences } of await harvester.errors.counts()) {
          this.labels(type).inc(occurrences);
        }
      },
    });
    new Gauge({
      name: `${prefix}error_groups`,
      help: 'Different errors of the program itself, by state',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const state of errorStates) this.labels(state).set(0);
        for (const { state, groups } of await harvester.errors.counts()) this.labels(state).inc(groups);
      },
    });
    new Gauge({
      name: `${prefix}last_run_age_seconds`,
      help: 'Time since the newest run began; absent before the first',
      registers: [this.registry],
      async collect() {
        const [run] = await harvester.runs.list(1);
        this.reset();
        if (run !== undefined) this.set(Math.max(0, (now() - run.startedAt) / 1000));
        else this.remove();
      },
    });
  }
}
