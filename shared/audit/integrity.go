package audit

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Verifier shows a tenant that its audit is what was sealed.
type Verifier struct {
	Store Archive
	Audit *Log
}

// Integrity is the verified part of a chain, and where the chain ends.
type Integrity struct {
	Head     Head
	From, To int64 // Of the seals that were verified; zero when there is none.
	Verification
}

// Verify verifies the caller's seals from one number to another, at most twenty
// at once. Zero is the chain's end for to, and for from what the other leaves
// room for. Numbers that are not of the chain are fault.Invalid.
func (v *Verifier) Verify(ctx context.Context, caller auth.Caller, from, to int64) (Integrity, error) {
	if err := v.Audit.Check(ctx, caller, Read, ""); err != nil {
		return Integrity{}, err
	}
	h, err := v.Store.Head(ctx, caller.Tenant)
	if err != nil || h.Seq == 0 && from == 0 && to == 0 {
		return Integrity{Head: h}, err
	}
	switch {
	case to == 0 && from == 0:
		to = h.Seq
		from = max(1, to-chunk+1)
	case to == 0:
		to = min(h.Seq, from+chunk-1)
	case from == 0:
		from = max(1, to-chunk+1)
	}
	if from > to || to > h.Seq {
		return Integrity{}, fault.New(fault.Invalid, fault.CodeValidationFailed, "There are no such seals.")
	}
	found, err := verify(ctx, v.Store, h, from, min(to, from+chunk-1))
	return Integrity{Head: h, From: from, To: min(to, from+chunk-1), Verification: found}, err
}
