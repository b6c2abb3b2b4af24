package functionstest

import (
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
)

// AuditSealer returns what seals the audit.
func (w *World) AuditSealer() *audit.Sealer {
	return &audit.Sealer{Store: w.entries, Events: w.Bus, Now: w.Now}
}

// Verifier returns what verifies the audit on request.
func (w *World) Verifier() *audit.Verifier {
	return &audit.Verifier{Store: w.entries, Audit: w.Audit}
}

// Entries returns what keeps the audit, to be tampered with.
func (w *World) Entries() *audittest.Memory { return w.entries }
