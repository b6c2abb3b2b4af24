package operation_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// parser is kong with the commands of the routes alone.
func parser(t *testing.T) (*kong.Kong, []*operation.Command) {
	t.Helper()
	all, options := operation.Grammar(nil)
	k, err := kong.New(new(struct{}), append(options, kong.Writers(new(bytes.Buffer), new(bytes.Buffer)), kong.Exit(func(int) {}))...)
	if err != nil {
		t.Fatal(err)
	}
	return k, all
}

func TestEveryOperationIsACommandOrExcepted(t *testing.T) {
	t.Parallel()
	k, all := parser(t)
	made := map[string]int{}
	for _, c := range all {
		made[c.Route.Name]++
		args := slices.Clone(c.Path)
		for range strings.Count(c.Route.Path, "{") {
			args = append(args, "x")
		}
		// What else is required is said by name; the command itself is found.
		context, err := kong.Trace(k, args)
		if err != nil || operation.Selected(context, all) != c {
			t.Errorf("%s: %q does not lead to it: %v", c.Route.Name, args, err)
		}
	}
	excepted := operation.Excepted()
	for _, r := range routes.Operations() {
		reason := excepted[r.Name]
		if (made[r.Name] == 1) == (reason != "") {
			t.Errorf("%s: is a command %d times, and excepted because %q", r.Name, made[r.Name], reason)
		}
		delete(excepted, r.Name)
	}
	for name := range excepted {
		t.Errorf("%s is excepted and no operation", name)
	}
}

// Flags are seen by everybody on the machine, and kept by shells.
func TestNoFlagTakesASecret(t *testing.T) {
	t.Parallel()
	k, all := parser(t)
	for _, c := range all {
		context, err := kong.Trace(k, c.Path)
		if err != nil {
			t.Fatal(err)
		}
		flags := map[string]bool{}
		for _, f := range context.Selected().Flags {
			flags[f.Name] = true
		}
		for _, f := range reflect.VisibleFields(c.Route.In()) {
			if !secretType(f.Type) {
				continue
			}
			name := strings.ToLower(strings.ReplaceAll(f.Tag.Get("json"), ",omitempty", ""))
			for flag := range flags {
				if strings.ReplaceAll(flag, "-", "") == name {
					t.Errorf("%s: --%s takes a secret", strings.Join(c.Path, " "), flag)
				}
			}
			if !slices.ContainsFunc(context.Selected().Flags, func(f *kong.Flag) bool { return strings.ReplaceAll(f.Name, "-", "") == name+"file" }) {
				t.Errorf("%s: %s cannot be read from a file", strings.Join(c.Path, " "), f.Name)
			}
		}
	}
}

func secretType(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Map || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t == reflect.TypeFor[secret.Bytes]()
}

func TestFlagsAreNamedAsFields(t *testing.T) {
	t.Parallel()
	k, all := parser(t)
	args := []string{"connection", "create", "--template-id", "tpl_1", "--name", "CRM", "--labels", "team=a;b", "--labels", "region=eu", "--credential-expires-at", "2026-05-04T03:02:01Z"}
	context, err := k.Parse(args)
	if err != nil || operation.Selected(context, all) == nil {
		t.Fatalf("%v: %v", args, err)
	}
	for _, wrong := range [][]string{{"connection", "create", "--name", "x"}, {"connection", "get"}, {"connection", "list", "--cursor", "x"}, {"kill-switch", "list", "--tenant", "a"}} {
		k, _ := parser(t)
		if _, err := k.Parse(wrong); err == nil {
			t.Errorf("%v: accepted", wrong)
		}
	}
}
