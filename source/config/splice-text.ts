import { type Document, isMap, isNode, isPair, isSeq, parseDocument } from 'yaml';
import { UserError } from '../errors.ts';

/** Places in the text of a YAML file, for edits that leave every other byte as it is. */

export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

export function readDocument(text: string): Document {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw notEditable(`it is not valid YAML: ${error.message.split('\n')[0]}`);
  if (document.contents !== null && !isMap(document.contents) && document.toJS() !== null)
    throw notEditable('it is not a mapping');
  return document;
}

export function readBack(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  return document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 1000 });
}

export function insertAt(text: string, at: number, lines: string, newline: string): string {
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return `${before}${gap}${lines}${text.slice(at)}`;
}

/** Before a line that ends the document, if it has one. */
export function endOfText(text: string): number {
  const end = /^\.\.\.[ \t]*(?:\r?\n|$)/m.exec(text);
  return end === null ? text.length : end.index;
}

/** The beginning of the line after the one on which `at` stands. */
export function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

export function columnAt(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

/** Where the last word of a node ends; comments that follow it do not count. */
export function endOf(node: unknown): number | null {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last = node.items.at(-1);
    return last === undefined ? null : endOf(last);
  }
  return isNode(node) ? (node.range?.[1] ?? null) : null;
}

export function notEditable(problem: string): UserError {
  return new UserError('config-not-editable', `The configuration cannot be edited: ${problem}.`, {
    fix: 'Correct the file by hand; "signal-harvester config check" says where.',
  });
}
