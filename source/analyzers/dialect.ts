/** What a server of the Chat Completions API is asked for; each server takes its own part of it. */
export interface Dialect {
  /** How the form of the answer is asked for; with the last two, the schema stands in the prompt. */
  readonly format: 'json_schema' | 'json_object' | 'text';
  readonly limit: 'max_completion_tokens' | 'max_tokens';
  /** Whether the effort of thinking is named. */
  readonly effort: boolean;
}

export interface Concession {
  readonly dialect: Dialect;
  /** What is asked for otherwise from now on, in words that follow the server's name. */
  readonly said: string;
}

/**
 * What to ask for instead when a server refuses a request for a part of it that
 * not every server knows; null when nothing of the kind was refused. Each call
 * gives up one thing, so asking again ends after four refusals at the latest.
 */
export function concede(dialect: Dialect, status: number, refusal: string): Concession | null {
  if (![400, 404, 415, 422, 500, 501].includes(status)) return null;
  if (dialect.effort && /reasoning|effort|\bthink/i.test(refusal)) {
    return { dialect: { ...dialect, effort: false }, said: 'takes no reasoningEffort' };
  }
  if (dialect.limit === 'max_completion_tokens' && /max_completion_tokens/i.test(refusal)) {
    return {
      dialect: { ...dialect, limit: 'max_tokens' },
      said: 'takes max_tokens instead of max_completion_tokens',
    };
  }
  if (!/response_?format|json_?schema|json_?object|structured|guided|grammar/i.test(refusal)) return null;
  if (dialect.format === 'json_schema') {
    return {
      dialect: { ...dialect, format: 'json_object' },
      said: 'does not take a JSON schema, so it stands in the prompt',
    };
  }
  if (dialect.format === 'json_object') {
    return {
      dialect: { ...dialect, format: 'text' },
      said: 'promises no JSON, so the schema stands in the prompt and answers are read with care',
    };
  }
  return null;
}

/** The system prompt of a server that is not given the schema otherwise. */
export function withSchema(system: string, schema: Readonly<Record<string, unknown>>): string {
  return `${system}\n\nAnswer with one JSON object and nothing around it. It fits this JSON Schema:\n${JSON.stringify(schema)}`;
}
