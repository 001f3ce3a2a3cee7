export type JsonElement = { readonly line: number } & (
  | { readonly text: string }
  | { readonly problem: string }
);

const quote = 34;
const backslash = 92;
const lineFeed = 10;
const opening = new Set([123, 91]);
const closing = new Set([125, 93]);
const listEnd = 93;
const between = new Set([32, 9, 13, 10, 44]);

/**
 * The elements of a JSON list, each as its own text, while the list is read:
 * neither the list nor its value is ever held whole. `line` is where the
 * element begins, 1-based.
 *
 * @param longest characters of one element; more ends it with what `tooLong` makes
 */
export async function* jsonElements(
  chunks: AsyncIterable<string>,
  longest: number,
  tooLong: () => Error,
): AsyncIterable<JsonElement> {
  /** 0 outside of the list, 1 between its elements, more inside of one. */
  let depth = 0;
  let ended = false;
  let inText = false;
  let escaped = false;
  let line = 1;
  let begunAt = 1;
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (code === lineFeed) line += 1;
      if (inText) {
        if (escaped) escaped = false;
        else if (code === backslash) escaped = true;
        else if (code === quote) inText = false;
        continue;
      }
      if (ended || (depth === 0 && between.has(code))) {
        if (between.has(code)) continue;
        return yield { line, problem: 'there is something behind the list, which was not read' };
      }
      if (depth === 0 && code !== 91) return yield { line, problem: 'is no JSON list' };
      if (depth === 1 && code === listEnd) {
        depth = 0;
        ended = true;
      } else if (depth === 1 && code !== 123) {
        if (between.has(code)) continue;
        return yield { line, problem: 'is no signal; what follows was not read' };
      } else if (code === quote) inText = true;
      else if (opening.has(code)) {
        depth += 1;
        if (depth === 2) {
          start = at;
          begunAt = line;
        }
      } else if (closing.has(code)) {
        depth -= 1;
        if (depth === 1) {
          yield { line: begunAt, text: begun.join('') + chunk.slice(start, at + 1) };
          begun = [];
          length = 0;
        }
      }
    }
    if (depth > 1) {
      begun.push(chunk.slice(start));
      length += chunk.length - start;
      if (length > longest) throw tooLong();
    }
  }
  if (depth > 0) yield { line, problem: 'the file ends before the list does: it was cut; export it again' };
}
