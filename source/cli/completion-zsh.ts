import type { CompletedCommand, CompletedFlag, CompletionTable, Takes } from './completion-table.ts';

/** Completion for zsh 5 and newer; works as a sourced script and as a file `_signal-harvester` in fpath. */
export function zshCompletion({ commands, flags }: CompletionTable): string {
  return `#compdef signal-harvester
# Completion of signal-harvester for zsh: source <(signal-harvester completion zsh), behind compinit.

_signal_harvester_ask() {
  local -a names options
  local flag
  for flag in --config --profile; do
    [[ -n \${opt_args[$flag]} ]] && options+=($flag "\${(e)opt_args[$flag]}")
  done
  names=("\${(@f)$($service complete $1 $options 2>/dev/null </dev/null)}")
  compadd -a names
}

_signal_harvester() {
  local curcontext="$curcontext" state line ret=1
  typeset -A opt_args
  local -a commands every
  every=(
${flags.map((flag) => `    ${flagSpec(flag)}`).join('\n')}
  )
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  _arguments -C $every '1:command:->command' '*::word:->word' && ret=0
  case $state in
    command) _describe -t commands command commands && ret=0 ;;
    word)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
  return ret
}

if [[ $funcstack[1] == _signal-harvester ]]; then _signal_harvester "$@"
else compdef _signal_harvester signal-harvester
fi
`;
}

function commandCase({ name, flags, actions, words }: CompletedCommand): string {
  const specs = flags.map(flagSpec);
  const first =
    actions.length > 0
      ? `'1:action:(${actions.map((action) => action.name).join(' ')})'`
      : words === null
        ? ''
        : `'1:word:${action(words)}'`;
  const perAction = actions.flatMap((each) =>
    each.words === null ? [] : [`            ${each.name}) rest='*:word:${action(each.words)}' ;;`],
  );
  const rest = words === null ? '' : `'*:word:${action(words)}'`;
  return [
    `        ${name})`,
    `          local rest=${rest}`,
    ...(perAction.length === 0 ? [] : ['          case $words[2] in', ...perAction, '          esac']),
    `          _arguments $every ${[...specs, first].filter((part) => part !== '').join(' \\\n            ')} $rest && ret=0 ;;`,
  ].join('\n');
}

function flagSpec({ name, short, summary, value }: CompletedFlag): string {
  const text = summary.replace(/[[\]\\:]/g, '\\$&');
  const takes = value === null ? '' : `:value:${action(value)}`;
  const long = quote(`*${name}[${text}]${takes}`);
  return short === null ? long : `${long} ${quote(`*-${short}[${text}]${takes}`)}`;
}

function action(takes: Takes): string {
  switch (takes.kind) {
    case 'choices':
      return `(${takes.values.join(' ')})`;
    case 'asked':
      return `{_signal_harvester_ask ${takes.names}}`;
    case 'files':
      return '_files';
    case 'anything':
      return ' ';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
