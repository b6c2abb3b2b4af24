package method_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// An entry can have every type that there is a method for, and no other.
func TestTypesOfTheCatalog(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs struct {
			Scheme struct {
				Properties struct {
					Type struct {
						Enum []string
					}
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(catalog.Schema()), &schema); err != nil {
		t.Fatal(err)
	}
	listed := schema.Defs.Scheme.Properties.Type.Enum
	var implemented []string
	for _, m := range method.All() {
		implemented = append(implemented, m.Type())
		if !slices.Contains(listed, m.Type()) {
			t.Errorf("%s is not among the types of connector.schema.json", m.Type())
		}
	}
	for _, name := range listed {
		if !slices.Contains(implemented, name) {
			t.Errorf("%s of connector.schema.json has no method", name)
		}
	}
}
