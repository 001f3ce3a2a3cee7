import { readdirSync, readFileSync } from 'node:fs';

/** A call of the program as a document shows it. */
export interface DocumentedCommand {
  /** From the root of the project. */
  readonly file: string;
  readonly line: number;
  /** A command that is only named ("`signal-harvester show`") has "--help" behind it. */
  readonly argv: readonly string[];
}

const root = new URL('../', import.meta.url);

/** Every call of the program in the documents, in fenced blocks and between backquotes. */
export function documentedCommands(): readonly DocumentedCommand[] {
  const files = ['README.md', 'CONTRIBUTING.md', ...pagesIn('docs/')];
  return files.flatMap((file) => {
    let fenced = false;
    return readFileSync(new URL(file, root), 'utf8')
      .split('\n')
      .flatMap((text, index) => {
        if (text.trimStart().startsWith('```')) {
          fenced = !fenced;
          return [];
        }
        return callsIn(text, fenced).map((call) => {
          const argv = wordsOf(call);
          const named = !fenced && argv.length === 1;
          return { file, line: index + 1, argv: named ? [...argv, '--help'] : argv };
        });
      });
  });
}

function pagesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return pagesIn(`${folder}${entry.name}/`);
    return entry.name.endsWith('.md') ? [folder + entry.name] : [];
  });
}

function callsIn(text: string, fenced: boolean): readonly string[] {
  const pattern = fenced
    ? /(?:^|[|;&(] *|\$ )(?:npx )?signal-harvester(?= |$)([^|;&)]*)/g
    : /`(?:npx )?signal-harvester(?= |`)([^`]*)`/g;
  return [...text.matchAll(pattern)].map(([, rest]) => rest ?? '');
}

/** The words of a line as a shell has them; what comes behind "#" is a remark, and files that output goes to are no words. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (const char of line) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '#' && word === null) break;
    else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  const redirect = words.findIndex((each) => /^[12]?[<>]/.test(each));
  return redirect < 0 ? words : words.slice(0, redirect);
}
