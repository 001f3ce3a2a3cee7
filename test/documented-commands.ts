import { readdirSync, readFileSync } from 'node:fs';

/** A call of the program as a document shows it. */
export interface DocumentedCommand {
  /** From the root of the project. */
  readonly file: string;
  readonly line: number;
  /** A command that is only named ("`signal-harvester show`") has "--help" behind it. */
  readonly argv: readonly string[];
  /** Variables that stand before it. */
  readonly env: Readonly<Record<string, string>>;
  /** The file that its output goes to. */
  readonly output: string | null;
}

const root = new URL('../', import.meta.url);

export interface DocumentPage {
  /** From the root of the project. */
  readonly file: string;
  readonly text: string;
}

export interface FencedBlock {
  /** "docs/guide.md:12" */
  readonly place: string;
  readonly language: string;
  /** What stands behind the language. */
  readonly mark: string;
  readonly text: string;
}

export function documentPages(): readonly DocumentPage[] {
  return ['README.md', 'CONTRIBUTING.md', ...pagesIn('docs/')].map((file) => ({
    file,
    text: readFileSync(new URL(file, root), 'utf8'),
  }));
}

/** The examples between ``` of all documents; those within a list without its indent. */
export function fencedBlocks(): readonly FencedBlock[] {
  return documentPages().flatMap(({ file, text }) =>
    [...text.matchAll(/^( *)```(\w*) ?(.*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
      const [, indent = '', language = '', mark = '', body = ''] = match;
      const line = text.slice(0, match.index).split('\n').length;
      return {
        place: `${file}:${line}`,
        language,
        mark,
        text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      };
    }),
  );
}

/** Every call of the program in the documents, in fenced blocks and between backquotes. */
export function documentedCommands(): readonly DocumentedCommand[] {
  return documentPages().flatMap(({ file, text: page }) => {
    let fenced = false;
    return page.split('\n').flatMap((text, index) => {
      if (text.trimStart().startsWith('```')) {
        fenced = !fenced;
        return [];
      }
      return callsIn(text, fenced).map(({ call, env }) => {
        const argv = wordsOf(call);
        const named = !fenced && argv.length === 1;
        const [, output = null] = />>? *(\S+)/.exec(call.replaceAll(/'[^']*'|"[^"]*"/g, '')) ?? [];
        return { file, line: index + 1, argv: named ? [...argv, '--help'] : argv, env, output };
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

interface Call {
  readonly call: string;
  readonly env: Readonly<Record<string, string>>;
}

function callsIn(text: string, fenced: boolean): readonly Call[] {
  const pattern = fenced
    ? /(?:^|[|;&(] *|\$ )((?:[A-Z_]+=\S+ )*)(?:npx )?signal-harvester(?= |$)([^|;&)]*)/g
    : /`((?:[A-Z_]+=\S+ )*)(?:npx )?signal-harvester(?= [^(]|`)([^`]*)`/g;
  return [...text.matchAll(pattern)].map(([, variables = '', call = '']) => ({
    call,
    env: Object.fromEntries(
      variables
        .split(' ')
        .filter((each) => each !== '')
        .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
    ),
  }));
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
