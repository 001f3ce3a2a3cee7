/** What an import of a list of feeds did. */
export interface FeedImport {
  /** The configuration that was changed. */
  readonly path: string;
  readonly added: readonly { readonly name: string; readonly url: string }[];
  /** Feeds that the configuration had already, or that the list had twice. */
  readonly known: number;
  /** What of the list could not be taken over, in words. */
  readonly warnings: readonly string[];
}

/** The feeds of the configuration as a list that other feed readers understand (OPML). */
export interface FeedList {
  /**
   * Adds the feeds of an OPML document to the configuration in use. Adding the
   * same again changes nothing. Throws `UserError`: `no-config`, `not-opml`,
   * `no-feeds`, and what editing the file may meet.
   */
  add(opml: Buffer): Promise<FeedImport>;
  /** Every `rss` source of the configuration, enabled or not, as OPML 2.0. */
  write(): { readonly opml: string; readonly feeds: number };
  /** Documents beyond this are refused; no need to read them. */
  readonly maxBytes: number;
}
