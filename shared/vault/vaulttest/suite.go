package vaulttest

import (
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
)

// Differences names the subtests in which an implementation is known to keep
// less than the contract, with the reason. They are skipped.
type Differences map[string]string

// run runs every case of a contract that is not a known difference.
func (d Differences) run(t *testing.T, cases map[string]func(t *testing.T)) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			if reason, ok := d[name]; ok {
				t.Skip("known difference: " + reason)
			}
			test(t)
		})
	}
	for name := range d {
		if cases[name] == nil {
			t.Errorf("known difference %q names no case", name)
		}
	}
}

// must stops the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want checks that err is the fault of a code.
func want(t *testing.T, doing string, err error, code fault.Code) {
	t.Helper()
	if !fault.Has(err, code) {
		t.Errorf("%s: got error %v, want %s", doing, err, code)
	}
}
