import type { Label } from '../domain/label.ts';
import type { AnalysisRequest } from './analyzer.ts';

/** What an analyzer is taught. */
export interface Teaching {
  /** What a person said, newest first. */
  readonly labels: readonly Label[];
  /**
   * Posts that nobody has corrected. What was said of them stands, so that a few
   * corrections of one kind do not carry every other post with them.
   */
  readonly usual: readonly Omit<AnalysisRequest, 'author'>[];
}

/** Where an analyzer that learns finds what it is to learn. */
export interface Teacher {
  /** The same object (`===`) for as long as nothing has changed. Cheap enough to be asked for every batch. */
  teaching(): Promise<Teaching>;
}
