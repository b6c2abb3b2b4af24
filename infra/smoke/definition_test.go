package smoke_test

import (
	"encoding/json"
	"testing"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/app/definitions"
)

// The connector of a run passes the lint that a stage has for them.
func TestDefinition(t *testing.T) {
	t.Parallel()
	made, err := smoke.Definition()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	c, complaints := definitions.Lint(text)
	if len(complaints) > 0 || c.ID != "own-smoke" {
		t.Errorf("connector %q, complaints %q", c.ID, complaints)
	}
}
