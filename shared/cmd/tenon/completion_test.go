package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompletionOfBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	script := tenon(t, "", false, "completion", "bash")
	if script.code != 0 {
		t.Fatalf("got %+v", script)
	}
	for typed, want := range map[string][]string{
		"tenon conn":                                {"connection", "connector", "connect-session"},
		"tenon connection d":                        {"delete", "disable", "dependents"},
		"tenon connection get --js":                 {"--json"},
		"tenon connection list --status de":         {"degraded"},
		"tenon connection list --status = a":        {"active"},
		"tenon --help connection list --environ":    {"--environment"},
		"tenon connection list --connector x --sta": {"--status"},
		"tenon connection list --connector x":       {}, // It is a value.
		"tenon template exp":                        {"export"},
		"tenon completion bash --nothing":           {},
	} {
		words := strings.Fields(typed)
		test := script.out + "\nCOMP_WORDS=(" + typed + ")\nCOMP_CWORD=" + string(rune('0'+len(words)-1)) + "\n_tenon\necho \"${COMPREPLY[@]}\"\n"
		command := exec.CommandContext(t.Context(), bash, "--norc", "-c", test)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if diff := cmp.Diff(want, strings.Fields(string(out))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typed, diff)
		}
	}
}

func TestCompletionOfOtherShells(t *testing.T) {
	t.Parallel()
	for shell, wants := range map[string][]string{
		"zsh":  {"bashcompinit", "complete -F _tenon tenon"},
		"fish": {`complete -c tenon -n '__tenon_at ""' -f -a connection`, `-l status -d '' -x -a 'active degraded disabled pending'`, `case '/connection'`},
	} {
		got := tenon(t, "", false, "completion", shell)
		for _, want := range wants {
			if got.code != 0 || !strings.Contains(got.out, want) {
				t.Errorf("%s: lacks %q, exit status %d", shell, want, got.code)
			}
		}
	}
	if got := tenon(t, "", false, "completion", "cmd"); got.code != 2 {
		t.Errorf("another shell: got %+v", got)
	}
}
