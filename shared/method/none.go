package method

import (
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// None is a system that asks for no credential. A lease of it is the base URL
// and what the scheme's placement makes of the inputs.
type None struct{}

// Type implements Method.
func (None) Type() string { return "none" }

// Apply implements Method.
func (None) Apply(t Target, _ map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	return place(t, variables(t, nil))
}
