import type { CompletedFlag, CompletionTable, Takes } from './completion-table.ts';

/** Completion for fish 3 and newer. */
export function fishCompletion({ commands, flags }: CompletionTable): string {
  const lines = commands.flatMap(({ name, summary, actions, words, flags: own }) => [
    `complete -c signal-harvester -n '__signal_harvester_at ""' -f -a ${name} -d ${quote(summary)}`,
    ...(actions.length === 0
      ? []
      : [
          `complete -c signal-harvester -n '__signal_harvester_at ${name} ""' -f -a ${quote(actions.map((action) => action.name).join(' '))}`,
        ]),
    ...actions.flatMap((action) =>
      action.words === null ? [] : [offerWords(`${name} ${action.name}`, action.words)],
    ),
    ...(words === null ? [] : [offerWords(name, words)]),
    ...own.map((flag) => offerFlag(flag, `-n '__signal_harvester_in ${name}'`)),
  ]);
  return `# Completion of signal-harvester for fish.
function __signal_harvester_words -d 'Words of the line that are neither flags nor their values'
    set -l skip 0
    for token in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $token ${valueFlags(commands.flatMap((command) => command.flags).concat(flags))}
            set skip 1
        else if not string match -q -- '-*' $token
            echo $token
        end
    end
end

function __signal_harvester_at -d 'Whether the words so far are these, with the last one still to come'
    set -l words (__signal_harvester_words)
    set -l wanted $argv[1..-2]
    test (count $words) -eq (count $wanted); and test "$words" = "$wanted"
end

function __signal_harvester_in -d 'Whether the line begins with these words'
    set -l words (__signal_harvester_words)
    test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end

function __signal_harvester_ask -d 'Names that the program knows'
    set -l tokens (commandline -opc)
    set -l options
    for index in (seq 2 (count $tokens))
        if contains -- $tokens[$index] --config --profile; and set -q tokens[(math $index + 1)]
            set -a options $tokens[$index] $tokens[(math $index + 1)]
        end
    end
    $tokens[1] complete $argv[1] $options 2>/dev/null </dev/null
end

complete -c signal-harvester -f
${flags.map((flag) => offerFlag(flag, '')).join('\n')}
${lines.join('\n')}
`;
}

function offerFlag({ name, short, summary, value }: CompletedFlag, condition: string): string {
  const letter = short === null ? '' : ` -s ${short}`;
  const takes = value === null ? '' : ` ${valueOptions(value)}`;
  const when = condition === '' ? '' : ` ${condition}`;
  return `complete -c signal-harvester${when} -l ${name.slice(2)}${letter}${takes} -d ${quote(summary)}`;
}

function offerWords(words: string, takes: Takes): string {
  const condition = `-n '__signal_harvester_in ${words}'`;
  if (takes.kind === 'files') return `complete -c signal-harvester ${condition} -F`;
  return `complete -c signal-harvester ${condition} ${valueOptions(takes).replace('-x', '-f')}`;
}

function valueOptions(takes: Takes): string {
  switch (takes.kind) {
    case 'choices':
      return `-x -a ${quote(takes.values.join(' '))}`;
    case 'asked':
      return `-x -a '(__signal_harvester_ask ${takes.names})'`;
    case 'files':
      return '-r -F';
    case 'anything':
      return '-x';
  }
}

function valueFlags(flags: readonly CompletedFlag[]): string {
  const names = flags.flatMap(({ name, short, value }) =>
    value === null ? [] : [name, ...(short === null ? [] : [`-${short}`])],
  );
  return [...new Set(names)].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
