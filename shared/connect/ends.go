package connect

import (
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// offer is a static credential that a caller gives, with the end that the caller
// states for it; zero when nothing is said.
type offer struct {
	fields map[string]secret.Bytes
	endsAt time.Time
	// account is the id of the one that is wanted, where the system lists several.
	account string
}

// longestLife is how far ahead the end of a credential may be stated.
const longestLife = 10 // In years.

// check refuses an end that is stated of nothing, or that cannot be meant.
func (o offer) check(now time.Time) error {
	detail := ""
	switch {
	case o.endsAt.IsZero():
		return nil
	case len(o.fields) == 0:
		detail = "Is said of a credential that is given."
	case !o.endsAt.After(now):
		detail = "Must be in the future."
	case o.endsAt.After(now.AddDate(longestLife, 0, 0)):
		detail = "Must be within ten years."
	default:
		return nil
	}
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/credentialExpiresAt", Detail: detail}},
	}
}

// ends returns when what is kept of the credential ends: as it says itself, or
// sooner where whoever saved it said so. stated is zero when nobody did.
func (e established) ends(stated time.Time) time.Time {
	known := e.Description.ExpiresAt
	if known.IsZero() || !stated.IsZero() && stated.Before(known) {
		return stated.UTC()
	}
	return known
}

// describeMaterial puts onto k what is known of what is kept. EndsAt is what was
// stated of it.
func (e established) describeMaterial(k *connection.Credential) {
	k.Last4, k.User, k.PublicKey = e.Description.Last4, e.Description.User, e.Description.PublicKey
	k.Static, k.EndsAt = len(e.Fields) > 0, e.ends(k.EndsAt)
}
