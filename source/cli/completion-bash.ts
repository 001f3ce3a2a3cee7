import type { CompletedFlag, CompletionTable, Takes } from './completion-table.ts';

/**
 * Completion for bash 3.2 and newer, without the package bash-completion. The
 * names of the table are made of letters, digits and dashes, so nothing in it
 * needs quoting.
 */
export function bashCompletion({ commands, flags }: CompletionTable): string {
  const flagLines = (command: string, some: readonly CompletedFlag[]) =>
    some.flatMap(({ name, short, value }) => {
      if (value === null) return [];
      const forms = [name, ...(short === null ? [] : [`-${short}`])];
      const pattern = forms.map((form) => `'${command} ${form}'`).join('|');
      return [`    ${pattern}) takes=${quote(encode(value))} ;;`];
    });
  const wordLines = commands.flatMap(({ name, actions, words }) => [
    ...actions.flatMap((action) =>
      action.words === null ? [] : [`    '${name} ${action.name}') takes=${quote(encode(action.words))} ;;`],
    ),
    ...(words === null ? [] : [`    '${name} '*) takes=${quote(encode(words))} ;;`]),
  ]);
  return `# Completion of signal-harvester for bash: source <(signal-harvester completion bash)
_signal_harvester_flag() {
  takes=
  case "$1 $2" in
${commands.flatMap(({ name, flags: own }) => flagLines(name, own)).join('\n')}
    *) case " $2" in
${flagLines('', flags).join('\n')}
    esac ;;
  esac
}

_signal_harvester_words() {
  takes=
  case "$1 $2" in
${wordLines.join('\n')}
  esac
}

_signal_harvester_offer() {
  local IFS=$'\\n'
  case "$1" in
    choices:*) COMPREPLY=($(compgen -W "$(printf '%s' "\${1#choices:}" | tr ' ' '\\n')" -- "$cur")) ;;
    asked:*)
      local name
      while IFS= read -r name; do
        [[ $name == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$name")")
      done < <("\${program}" complete "\${1#asked:}" "\${options[@]}" 2>/dev/null </dev/null) ;;
    files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}

_signal_harvester() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous='' program=\${COMP_WORDS[0]}
  local command='' action='' actions='' flags='' takes='' word last='' index
  local -a options=()
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    # bash cuts --flag=value into three words.
    if [[ $word == = ]]; then continue; fi
    if [[ -n $last ]]; then
      case $last in --config | --profile) options+=("$last" "\${word/#\\~/$HOME}") ;; esac
      last=
      continue
    fi
    case $word in
      -*) _signal_harvester_flag "$command" "$word"; [[ -n $takes ]] && last=$word ;;
      *)
        if [[ -z $command ]]; then command=$word
        elif [[ -z $action ]]; then action=$word
        fi ;;
    esac
  done
  previous=$last
  [[ $cur == = ]] && cur=
  if [[ -n $previous ]]; then
    _signal_harvester_flag "$command" "$previous"
    _signal_harvester_offer "$takes"
    return
  fi
  case $command in
    '') actions='${commands.map(({ name }) => name).join(' ')}' ;;
${commands.map(({ name, actions, flags: own }) => `    ${name}) actions='${actions.map((each) => each.name).join(' ')}' flags='${flagWords(own)}' ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags ${flagWords(flags)}" -- "$cur"))
    return
  fi
  if [[ -n $actions && -z $action ]]; then
    COMPREPLY=($(compgen -W "$actions" -- "$cur"))
    return
  fi
  _signal_harvester_words "$command" "$action"
  _signal_harvester_offer "$takes"
}

complete -F _signal_harvester signal-harvester
`;
}

function flagWords(flags: readonly CompletedFlag[]): string {
  return flags.map(({ name }) => name).join(' ');
}

function encode(takes: Takes): string {
  if (takes.kind === 'choices') return `choices:${takes.values.join(' ')}`;
  return takes.kind === 'asked' ? `asked:${takes.names}` : takes.kind;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
