package routes_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

// A route is one row of the table, one directory below functions and its
// events. These tests keep the three together.
func TestEveryRowHasItsFunction(t *testing.T) {
	t.Parallel()
	// What the tests of the functions share is no function.
	directories := slices.DeleteFunc(entries(t, "../../functions"), func(name string) bool { return name == "functionstest" })
	if diff := cmp.Diff(names(), directories); diff != "" {
		t.Errorf("functions (-table +directories):\n%s", diff)
	}
}

func TestEveryRowHasItsEvent(t *testing.T) {
	t.Parallel()
	files := entries(t, "../../events")
	for _, name := range names() {
		if !slices.Contains(files, name+".json") {
			t.Errorf("events/%s.json is missing", name)
		}
	}
	for _, file := range files {
		name, _, _ := strings.Cut(file, ".")
		if !slices.Contains(names(), name) || !strings.HasSuffix(file, ".json") {
			t.Errorf("events/%s belongs to no row", file)
		}
	}
}

// A function that has logins tried is composed with package verifying; whether
// it may is said in its row.
func TestWhoVerifiesMayInvoke(t *testing.T) {
	t.Parallel()
	for _, r := range routes.All() {
		text, err := os.ReadFile("../../functions/" + r.Name + "/main.go")
		if err != nil {
			t.Fatal(err)
		}
		composed := strings.Contains(string(text), `"github.com/tenonhq/tenon/shared/app/verifying"`)
		if granted := slices.Contains(r.Grants, routes.ProbeInvoke); composed != granted {
			t.Errorf("%s: composed to verify %v, granted %v", r.Name, composed, granted)
		}
	}
}

func names() []string {
	var all []string
	for _, r := range slices.Concat(routes.All(), routes.Optional()) {
		all = append(all, r.Name)
	}
	slices.Sort(all)
	return all
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range found {
		if e.Name() != "bus" { // The events of the bus, which belong to package notify.
			all = append(all, e.Name())
		}
	}
	return all
}
