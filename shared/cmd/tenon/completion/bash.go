package completion

import (
	"fmt"
	"strings"
)

// bash writes a function that finds which command is being typed, and what may
// stand there. A flag and its value are three words to bash where = joins them.
func bash(name string, nodes []node) string {
	var paths, words, values strings.Builder
	for _, n := range nodes {
		for _, c := range n.children {
			fmt.Fprintf(&paths, "      %q) path=%q ;;\n", n.path+"/"+c.name, strings.TrimSpace(n.path+" "+c.name))
		}
		fmt.Fprintf(&words, "    %q) words=%q ;;\n", n.path, n.words())
		for _, f := range n.flags {
			switch {
			case len(f.values) > 0:
				fmt.Fprintf(&values, "    %q) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", n.path+"/"+f.name, strings.Join(f.values, " "))
			case f.file:
				fmt.Fprintf(&values, "    %q) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", n.path+"/"+f.name)
			case !f.plain:
				fmt.Fprintf(&values, "    %q) return ;;\n", n.path+"/"+f.name)
			}
		}
	}
	return fmt.Sprintf(`_%[1]s() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word
  COMPREPLY=()
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]]; then
    prev="${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path/$word" in
%[2]s    esac
  done
  case "$path/$prev" in
%[3]s  esac
  case "$path" in
%[4]s  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _%[1]s %[1]s
`, name, paths.String(), values.String(), words.String())
}
