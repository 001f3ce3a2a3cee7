import type { ErrorOccurrence } from './error-group.ts';
import { hash32 } from './hash.ts';

const framesCompared = 10;
const seeds = [0x811c9dc5, 0x9747b28c];

/**
 * What groups errors: type, code, the message without what differs from one
 * time to the next, and the topmost functions of the program on the stack. Line
 * numbers and the names of bundled files are left out, so that the same error of
 * two versions is one group. Sixteen hexadecimal digits.
 */
export function fingerprintOf({
  type,
  code,
  message,
  stack,
}: Pick<ErrorOccurrence, 'type' | 'code' | 'message' | 'stack'>): string {
  const parts = JSON.stringify([type, code, generalMessage(message), comparedFrames(stack)]);
  return seeds.map((seed) => hash32(parts, seed).toString(16).padStart(8, '0')).join('');
}

/** The message with ids, numbers, times, paths and addresses made equal. */
export function generalMessage(message: string): string {
  return message
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '<address>')
    .replace(/(?<![\w.])~?(?:\/[\w.@+-]+)+\/?|\[path\]|\b(?:source|dist|node_modules)\/\S+/g, '<path>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<n>')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\[long\]/gi, '<n>')
    .replace(/\d+(?:[.,:]\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The topmost functions that are the program's; where none is, the topmost of all. */
function comparedFrames(stack: string): readonly string[] {
  const frames = (stack.split('\ncaused by ', 1)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('at '));
  const own = frames.filter((frame) => !/\bnode:|node_modules\/|<anonymous>|\[path\]/.test(frame));
  return (own.length > 0 ? own : frames).slice(0, framesCompared).map(comparedFrame);
}

function comparedFrame(frame: string): string {
  const [, name = '', file = ''] = /^at (?:(.*) \()?(.*?)(?::\d+){0,2}\)?$/.exec(frame) ?? [];
  const called = name
    .replace(/^(?:async |new )+/, '')
    .replace(/ \[as [^\]]+\]$/, '')
    // A bundler tells functions of one name apart by numbers.
    .replace(/\d+$/, '');
  // The files of the bundle are named anew by every build.
  return `${called} ${file.startsWith('dist/') ? 'dist' : file}`;
}
