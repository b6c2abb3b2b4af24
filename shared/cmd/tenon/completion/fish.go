package completion

import (
	"fmt"
	"strings"
)

// fish writes a function that finds which command is being typed, and a line for
// each word that may stand there.
func fish(name string, nodes []node) string {
	var paths, lines strings.Builder
	for _, n := range nodes {
		at := fmt.Sprintf("complete -c %s -n '__%s_at \"%s\"'", name, name, n.path)
		for _, c := range n.children {
			fmt.Fprintf(&paths, "      case '%s/%s'\n        set path '%s'\n", n.path, c.name, strings.TrimSpace(n.path+" "+c.name))
			fmt.Fprintf(&lines, "%s -f -a %s -d %s\n", at, c.name, quoted(c.help))
		}
		for _, f := range n.flags {
			line := at + " -l " + strings.TrimPrefix(f.name, "--") + " -d " + quoted(f.help)
			switch {
			case len(f.values) > 0:
				line += " -x -a " + quoted(strings.Join(f.values, " "))
			case f.file:
				line += " -r -F"
			case !f.plain:
				line += " -x"
			}
			lines.WriteString(line + "\n")
		}
	}
	return fmt.Sprintf(`function __%[1]s_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    switch "$path/$word"
%[2]s    end
  end
  test "$path" = "$argv[1]"
end
complete -c %[1]s -f
%[3]s`, name, paths.String(), lines.String())
}

// quoted is text as one word of fish.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
