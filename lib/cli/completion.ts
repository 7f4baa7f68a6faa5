import type { Command, Flag, Positional } from "./command.ts";

/** What a shell needs to know: printed from the commands' own metadata. */
export interface Vocabulary {
  readonly commands: readonly Command[];
  readonly checks: readonly string[];
}

type Completed = Pick<Flag, "choices" | "completes"> | Pick<Positional, "choices" | "completes">;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A bash function that completes commands, flags and their values. Works without bash-completion. */
export function bashCompletion({ commands, checks }: Vocabulary): string {
  const values = ({ choices, completes }: Completed) => {
    if (choices !== undefined)
      return `COMPREPLY=($(compgen -W ${quote(choices.join(" "))} -- "$cur"))`;
    if (completes === "check")
      return `COMPREPLY=($(compgen -W ${quote(checks.join(" "))} -- "$cur"))`;
    if (completes === "folder") return `COMPREPLY=($(compgen -d -- "$cur"))`;
    if (completes === "file") return `COMPREPLY=($(compgen -f -- "$cur"))`;
    return "COMPREPLY=()";
  };
  const cases = commands.map(({ name, flags, positionals = [] }) => {
    const taking = Object.entries(flags)
      .filter(([, flag]) => flag.type === "text")
      .map(([flag, spec]) => `        --${flag}) ${values(spec)}; return ;;`);
    const words = Object.keys(flags)
      .map((flag) => `--${flag}`)
      .join(" ");
    const [first] = positionals;
    return [
      `    ${name})`,
      '      case "$prev" in',
      ...taking,
      "      esac",
      `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quote(words)} -- "$cur")); return; fi`,
      `      ${first === undefined ? "COMPREPLY=()" : values(first)} ;;`,
    ].join("\n");
  });
  const names = ["help", ...commands.map(({ name }) => name)].join(" ");
  return `# bash completion for pgvigil: eval "$(pgvigil completion bash)"
_pgvigil() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W ${quote(names)} -- "$cur")); return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    help) COMPREPLY=($(compgen -W ${quote(names)} -- "$cur")) ;;
  esac
}
complete -o default -F _pgvigil pgvigil
`;
}

/** The same for zsh, with a summary beside each word. */
export function zshCompletion({ commands, checks }: Vocabulary): string {
  const action = ({ choices, completes }: Completed) => {
    if (choices !== undefined) return `(${choices.join(" ")})`;
    if (completes === "check") return `(${checks.join(" ")})`;
    if (completes === "folder") return "_files -/";
    if (completes === "file") return "_files";
    return " ";
  };
  const plain = (text: string) => text.replace(/[[\]:]/g, " ");
  const cases = commands.map(({ name, flags, positionals = [] }) => {
    const specs = [
      ...Object.entries(flags).map(([flag, spec]) => {
        const head = `${spec.repeatable ? "*" : ""}--${flag}[${plain(spec.summary)}]`;
        return spec.type === "switch"
          ? head
          : `${head}:${plain(spec.value ?? flag)}:${action(spec)}`;
      }),
      ...positionals.map((p, i) => `${i + 1}:${plain(p.name)}:${action(p)}`),
    ];
    return `    ${name}) _arguments ${specs.map(quote).join(" ")} ;;`;
  });
  const described = commands.map(({ name, summary }) => quote(`${name}:${plain(summary)}`));
  return `#compdef pgvigil
# zsh completion for pgvigil: eval "$(pgvigil completion zsh)"
_pgvigil() {
  local -a commands=(${described.join(" ")} 'help:What a command takes')
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${cases.join("\n")}
    help) _describe command commands ;;
  esac
}
if [[ $funcstack[1] == _pgvigil ]]; then _pgvigil "$@"; else compdef _pgvigil pgvigil; fi
`;
}
