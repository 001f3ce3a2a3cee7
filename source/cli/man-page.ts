import type { Command, Flags } from './command.ts';
import { describeFlag, describeValue, exitCodeHelp, listedCommands, purpose } from './help.ts';
import { globalFlags } from './parse.ts';

/**
 * The manual page in section 1, in the macros of man(7), from the table of
 * commands. The same for every build of a version: it carries no date.
 */
export async function manPage(version: string): Promise<string> {
  const commands = await listedCommands();
  return [
    `.TH SIGNAL\\-HARVESTER 1 "" "signal\\-harvester ${escapeText(version)}" "User Commands"`,
    '.SH NAME',
    'signal\\-harvester \\- harvest, score and triage posts about a product',
    '.SH SYNOPSIS',
    '.B signal\\-harvester',
    '.RI [ flags ]',
    '.br',
    '.B signal\\-harvester',
    '.I command',
    '.RI [ flags ]',
    '.SH DESCRIPTION',
    ...paragraph(purpose),
    '.PP',
    ...paragraph(
      'Without a command it opens the terminal app, in which ? shows every key; in a pipe it does the same as "run". With --headless it runs the schedule and the HTTP API.',
    ),
    '.SH OPTIONS',
    'Every command takes these.',
    ...flagList(globalFlags),
    '.SH COMMANDS',
    ...commands.flatMap(describeCommand),
    '.SH EXIT STATUS',
    ...paragraph(exitCodeHelp.replace('Exit codes: ', '')),
    '.SH FILES',
    '.TP',
    '.I config.yaml',
    ...paragraph(
      'The configuration, in the working folder or in the folder for configurations of the platform; "signal-harvester init" writes one, and "signal-harvester config show" prints what counts.',
    ),
    '.SH ENVIRONMENT',
    ...paragraph(
      'Keys of services are read from the environment only. SIGNAL_HARVESTER_PROFILE names a profile, SIGNAL_HARVESTER_STORE__PATH and its like replace single settings. NO_COLOR takes the colours away.',
    ),
    '',
  ].join('\n');
}

function describeCommand({ usage, summary, details, flags, examples }: Command): readonly string[] {
  return [
    `.SS ${escapeText(usage)}`,
    ...paragraph(`${summary}.`),
    ...(details === undefined ? [] : ['.PP', ...listing(details)]),
    ...flagList(flags),
    ...examples.flatMap(({ command, meaning }) => [
      '.PP',
      ...paragraph(`Example: ${meaning}`),
      ...verbatim([`  ${command}`]),
    ]),
  ];
}

function flagList(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([key, spec]) => [
    '.TP',
    `.B ${escapeText(describeFlag(key, spec))}`,
    ...paragraph(describeValue(spec)),
  ]);
}

/** Columns stay as they are set; the rest flows. */
function listing(text: string): readonly string[] {
  return text.includes('  ') ? verbatim(text.split('\n')) : text.split('\n').flatMap(paragraph);
}

function verbatim(lines: readonly string[]): readonly string[] {
  return ['.nf', ...lines.map(textLine), '.fi'];
}

/** One sentence a line would be the custom; one paragraph a line is as good for machines. */
function paragraph(text: string): readonly string[] {
  return [textLine(text)];
}

/** A line that begins with a dot or a quote would be taken for a request. */
function textLine(text: string): string {
  return escapeText(text).replace(/^(?=[.'])/, '\\&');
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  '…': '...',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

function escapeText(text: string): string {
  return text.replace(/[\\\-…'`^~]/g, (character) => escapes[character] ?? character);
}
