import type { CommandContext } from '../../command-context.ts';

type Shell = 'bash' | 'zsh' | 'fish';

// Each script only asks `sojourn __complete` and hands on what it says, so that it never has to be installed anew.
const SCRIPTS: Record<Shell, string> = {
  bash: `# bash completion for sojourn
_sojourn() {
  local value _
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    # With no answer bash offers files by itself (-o default below).
    if [[ $value == :files ]]; then COMPREPLY=(); return; fi
    COMPREPLY+=("$value")
  done < <(sojourn __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _sojourn sojourn
`,
  zsh: `#compdef sojourn
_sojourn() {
  local -a described
  local value description
  while IFS=$'\\t' read -r value description; do
    if [[ $value == :files ]]; then _files; return; fi
    described+=("\${value//:/\\\\:}\${description:+:$description}")
  done < <(sojourn __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe sojourn described
}
if [[ \${funcstack[1]} == _sojourn ]]; then _sojourn "$@"; else compdef _sojourn sojourn; fi
`,
  fish: `# fish completion for sojourn
function __sojourn_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (sojourn __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c sojourn -f -a '(__sojourn_complete)'
`,
};

export async function run({ io }: CommandContext, [shell]: [shell: Shell]): Promise<void> {
  await io.write(SCRIPTS[shell]);
}
