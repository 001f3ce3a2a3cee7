import type { ErrorSummary } from '../domain/failure.ts';

/** A source that would suit what the person listens for, filled in and ready to try. */
export interface SourceProposal {
  /** As it will stand in the configuration: name, kind and the options of the kind. */
  readonly config: { readonly name: string; readonly kind: string; readonly [option: string]: unknown };
  /** "Hacker News", "Feed". */
  readonly title: string;
  /** What it would listen to, for a person. */
  readonly target: string;
}

/** A kind that needs one more answer before it can be tried (the address of a feed, the path of a file). */
export interface SourceQuestion {
  readonly kind: string;
  readonly title: string;
  /** "Address of a feed, or of a site that has one". */
  readonly prompt: string;
  readonly example: string;
}

export interface ProbeReport {
  readonly ok: boolean;
  /** Posts on the first page. */
  readonly found: number;
  /** Up to three, cleaned, one line each. */
  readonly examples: readonly string[];
  readonly warnings: readonly string[];
  readonly error: ErrorSummary | null;
}

/** What the first-run wizard and `init` can do; there is no store yet. */
export interface Setup {
  /** Keyless sources, filled in for a topic (a product name or keywords). */
  propose(topic: string): readonly SourceProposal[];
  /** Keyless kinds that need an address or a path instead. */
  questions(): readonly SourceQuestion[];
  /** Turns an answer into a proposal; discovers a feed from a site's address. Throws UserError with a fix. */
  answer(kind: string, answer: string, signal: AbortSignal): Promise<SourceProposal>;
  /** Fetches one page and stores nothing. Never rejects but for an abort. */
  probe(proposal: SourceProposal, signal: AbortSignal): Promise<ProbeReport>;
  /** Writes a commented `config.yaml` (never over an existing one) and returns its path. */
  save(topic: string, proposals: readonly SourceProposal[]): Promise<string>;
}
