import type { AnalysisDraft } from '../domain/analysis.ts';
import { acceptAnalysis } from './accept-analysis.ts';

/**
 * The JSON of an answer, bare, fenced, behind a model's thoughts or between
 * sentences; null when there is none.
 */
export function parseAnswer(text: string | null): unknown {
  if (text === null) return null;
  const said = text.replace(/<think>[\s\S]*?<\/think>/g, '').trim();
  const fenced = /```(?:json)?\s*([\s\S]*?)```/.exec(said)?.[1];
  for (const candidate of [said, fenced, between(said, '{', '}'), between(said, '[', ']')]) {
    if (candidate === undefined || candidate === null) continue;
    const parsed = parseJson(candidate);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  }
  return null;
}

function between(text: string, open: string, close: string): string | null {
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start === -1 || end <= start ? null : text.slice(start, end + 1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/**
 * Every element of an answer that is an analysis of one of `ids`, within its
 * bounds; the first to an id counts. The others are as good as missing.
 */
export function readResults(
  content: unknown,
  ids: ReadonlySet<number>,
  categories: ReadonlySet<string>,
): ReadonlyMap<number, AnalysisDraft> {
  const results = new Map<number, AnalysisDraft>();
  for (const each of elementsOf(content)) {
    if (typeof each !== 'object' || each === null || !('id' in each)) continue;
    const id = typeof each.id === 'string' && /^\d+$/.test(each.id) ? Number(each.id) : each.id;
    if (typeof id !== 'number' || !ids.has(id) || results.has(id)) continue;
    const draft = acceptAnalysis(each, categories);
    if (draft !== null) results.set(id, draft);
  }
  return results;
}

/** `{ results: [...] }` as asked; a server that knows no schema may leave the outer object out. */
function elementsOf(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content;
  if (typeof content !== 'object' || content === null) return [];
  if ('results' in content) return Array.isArray(content.results) ? content.results : [];
  return 'id' in content ? [content] : [];
}
