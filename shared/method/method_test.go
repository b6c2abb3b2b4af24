package method_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

func TestMethods(t *testing.T) {
	for _, m := range method.All() {
		t.Run(m.Type(), func(t *testing.T) {
			t.Parallel()
			methodtest.Run(t, m)
		})
	}
}

func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "API_KEY", "oauth2"} {
		if m, ok := method.For(name); ok {
			t.Errorf("For(%q): got %v, want none", name, m)
		}
	}
}
