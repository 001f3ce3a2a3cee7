import { cleanLine } from '../domain/clean.ts';
import type { ErrorSummary } from '../domain/failure.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { SourceKind, SourceTools } from './kind.ts';
import { findKind, type NamedSource, openSource, sourceKinds } from './open.ts';

/** A source as it would stand in the configuration, and what a person reads of it. */
interface Proposal {
  readonly config: NamedSource;
  readonly title: string;
  readonly target: string;
}

interface Question {
  readonly kind: string;
  readonly title: string;
  readonly prompt: string;
  readonly example: string;
}

interface Probe {
  readonly ok: boolean;
  /** Posts on the first page that has any. */
  readonly found: number;
  /** Up to three, cleaned, one line each. */
  readonly examples: readonly string[];
  readonly warnings: readonly string[];
  readonly error: ErrorSummary | null;
}

const exampleLength = 200;
/** A slow week has empty slices before the first post; a source with this many has nothing. */
const probedPages = 5;

/** Keyless sources filled in for a topic, from every kind that proposes any. */
export function proposeSources(topic: string): readonly Proposal[] {
  const trimmed = topic.trim();
  if (trimmed === '') return [];
  return sourceKinds
    .filter((kind) => (kind.secrets ?? []).length === 0)
    .flatMap((kind) =>
      (kind.propose?.(trimmed) ?? []).map(({ name, options }) => proposal(kind, name, options)),
    );
}

/** The kinds that ask for an address or a path instead. */
export function sourceQuestions(): readonly Question[] {
  return sourceKinds
    .filter((kind) => (kind.secrets ?? []).length === 0)
    .flatMap(({ kind, title, question }) =>
      question ? [{ kind, title, prompt: question.prompt, example: question.example }] : [],
    );
}

/** Turns the answer to a question into a proposal. Throws `UserError` when the answer leads nowhere. */
export async function answerQuestion(
  kindName: string,
  answer: string,
  tools: SourceTools,
  signal: AbortSignal,
): Promise<Proposal> {
  const kind = findKind(kindName);
  if (!kind.question) {
    throw new UserError('unknown-kind', `${kind.title} asks no question`, {
      fix: 'Choose a kind that needs an address or a path',
    });
  }
  const { name, options } = await kind.question.answer(answer, tools, signal);
  return proposal(kind, name, options);
}

/**
 * Fetches from a source until posts come, and stores nothing. Rejects only
 * when aborted; every failure is in the report.
 */
export async function probeSource(
  config: NamedSource,
  tools: SourceTools,
  signal: AbortSignal,
): Promise<Probe> {
  const warnings: string[] = [];
  const report = { found: 0, examples: [], warnings, error: null };
  // Trying standard input would be reading it, and it can be read only once.
  if (config.kind === 'file' && config.path === '-') return { ...report, ok: true };
  try {
    const source = openSource(config, tools);
    let pages = 0;
    for await (const page of source.fetch({ cursor: null, signal })) {
      warnings.push(...page.warnings);
      pages += 1;
      if (page.posts.length > 0) {
        const examples = page.posts.slice(0, 3).map((post) => exampleOf(post.title ?? post.text));
        return { ...report, ok: true, found: page.posts.length, examples };
      }
      if (pages === probedPages) break;
    }
    return { ...report, ok: true };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...report, ok: false, error: summarizeError(error) };
  }
}

function proposal(kind: SourceKind, name: string, options: Readonly<Record<string, unknown>>): Proposal {
  return {
    config: { name, kind: kind.kind, ...options },
    title: kind.title,
    target: kind.target(kind.options.parse(options)),
  };
}

function exampleOf(text: string): string {
  const line = cleanLine(text);
  return line.length > exampleLength ? `${line.slice(0, exampleLength - 1)}…` : line;
}
