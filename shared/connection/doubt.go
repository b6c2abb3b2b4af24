package connection

import "time"

// Doubt is what is in doubt about a credential that still serves.
type Doubt string

// The doubts.
const (
	NoDoubt   Doubt = ""
	Failing   Doubt = "failing"   // The provider does not answer properly.
	Uncertain Doubt = "uncertain" // An answer was lost, and perhaps a token with it.
	Held      Doubt = "held"      // Refused together with many others, which is not believed.
)

// Doubt returns what is in doubt, and since when where that is known.
func (r *Refresh) Doubt(now time.Time) (Doubt, time.Time) {
	switch i := r.Intent; {
	case !r.HeldSince.IsZero():
		return Held, r.HeldSince
	case i != nil && len(r.Answer) == 0 && (!r.running(now) || i.Epoch < r.Epoch):
		return Uncertain, i.At
	case r.FailedCount > 0:
		return Failing, time.Time{}
	}
	return NoDoubt, time.Time{}
}

func (r *Refresh) running(now time.Time) bool { return r.Owner != "" && !now.After(r.Until) }
