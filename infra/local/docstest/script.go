package docstest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The classes of blocks of commands, the words behind sh. Commands of no class are
// run against a dev environment.
const (
	AWS     = "aws"     // Needs an AWS account, a deployed stage or GitHub.
	Minutes = "minutes" // Takes minutes, a terminal, or changes the working tree.
)

// mark begins the output of a block: a record separator and the block's line.
const mark = "\x1e"

// Script is the commands of the page that can be run, for one bash, so that
// variables last from block to block. It is empty where there are none.
func (p Page) Script() string {
	var script strings.Builder
	for _, b := range p.Blocks {
		if b.Language == "sh" && b.Class == "" {
			fmt.Fprintf(&script, "printf '\\036%d\\n'\n%s", b.Line, b.Text)
		}
	}
	if script.Len() == 0 {
		return ""
	}
	return "set -euo pipefail\n" + script.String()
}

// Outputs splits what the script printed by the line of its blocks.
func Outputs(printed string) map[int]string {
	outputs := map[int]string{}
	for _, part := range strings.Split(printed, mark)[1:] {
		line, text, _ := strings.Cut(part, "\n")
		if number, err := strconv.Atoi(line); err == nil {
			outputs[number] = text
		}
	}
	return outputs
}

// Matches reports whether got is what the document shows, in which … stands for
// anything, also nothing where it stands alone, and white space is a space.
func Matches(want, got string) bool {
	var pattern strings.Builder
	for _, word := range strings.Fields(want) {
		if word == "…" {
			pattern.WriteString(`(?:\S+ )*?`)
			continue
		}
		parts := strings.Split(word, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern.WriteString(strings.Join(parts, ".*?") + " ")
	}
	var found strings.Builder
	for _, word := range strings.Fields(got) {
		found.WriteString(word + " ")
	}
	return regexp.MustCompile("^" + pattern.String() + "$").MatchString(found.String())
}

var command = regexp.MustCompile(`(?m)(?:^|[|;&({"]|\$\(|then|do|=\S+)[ \t]*(make|tenon|aws)((?:[ \t]+[^\s|;&#)]+)*)`)

// Commands are the words of what a text runs by these names: make, tenon or aws.
func Commands(text, name string) [][]string {
	var found [][]string
	for _, m := range command.FindAllStringSubmatch(strings.ReplaceAll(text, "\\\n", " "), -1) {
		if m[1] == name {
			found = append(found, strings.Fields(m[2]))
		}
	}
	return found
}
