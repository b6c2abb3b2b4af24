package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
)

// words splits an example into words, as a shell does those that examples have.
var words = regexp.MustCompile(`"[^"]*"|\S+`)

// Every command has examples, and each is a right command line.
func TestExamples(t *testing.T) {
	t.Parallel()
	model := grammar(t).Model
	for _, node := range model.Children {
		if examples[node.Name] == "" {
			t.Errorf("%s has no example", node.Name)
		}
	}
	for name, text := range examples {
		for line := range strings.SplitSeq(text, "\n") {
			line, _, _ = strings.Cut(strings.NewReplacer("source <(", "", "completion bash)", "completion bash").Replace(line), " > ")
			line, _, _ = strings.Cut(line, " | ")
			line, _, _ = strings.Cut(line, " < ")
			args := words.FindAllString(line, -1)
			if _, err := grammar(t).Parse(args[1:]); err != nil && !strings.Contains(err.Error(), "no such file") {
				t.Errorf("%s: %s: %v", name, line, err)
			}
		}
	}
}

// grammar is a parser of the whole command line.
func grammar(t *testing.T) *kong.Kong {
	t.Helper()
	_, options := operation.Grammar(byHand())
	k, err := kong.New(new(commands), append(options, machine()...)...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
