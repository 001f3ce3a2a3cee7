/** What a text is cut into. The first that fits counts, so the order matters. */
const tokenKinds = [
  ['link', String.raw`https?:\/\/\S+|www\.\S+`],
  ['mention', String.raw`@[\p{L}\p{N}_]+`],
  ['hashtag', String.raw`#[\p{L}\p{N}_]+`],
  ['cjk', String.raw`[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]`],
  ['number', String.raw`\d+(?:[.,:]\d+)*(?:%|st|nd|rd|th)?`],
  [
    'word',
    String.raw`(?:(?![\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[\p{L}\p{M}\p{N}_])+(?:'[\p{L}\p{M}]+)*`,
  ],
  ['end', String.raw`[.!?…。!?؟\n]+`],
  ['pause', String.raw`[,;:()[\]—–、،]+`],
  ['quote', '["“”«»„]+'],
  ['emoji', String.raw`\p{Extended_Pictographic}|[\u{1f1e6}-\u{1f1ff}]{2}`],
  ['smile', String.raw`[:;=]-?[)(DPp/|](?![\p{L}\p{N}])`],
] as const;
export type TokenKind = (typeof tokenKinds)[number][0];
// One alternative per kind of token, none of which can match the same text in
// two ways: the scan is linear whatever the input. The groups have no names:
// an object of eleven members for every token costs more than finding it.
const tokenPattern = new RegExp(tokenKinds.map(([, pattern]) => `(${pattern})`).join('|'), 'gu');

export interface Token {
  readonly token: string;
  readonly kind: TokenKind;
}

/** The tokens of a text, in order; what is none of them (spaces, most signs) is passed over. */
export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(tokenPattern)) {
    const [kind] = tokenKinds.find((_, index) => match[index + 1] !== undefined) ?? ['word'];
    yield { token: match[0], kind };
  }
}
