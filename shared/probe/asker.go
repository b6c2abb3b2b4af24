package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// Functions invokes functions of this deployment.
type Functions interface {
	// Invoke returns the answer of a function to one event, which it has seen at
	// most once. A function that failed or could not be asked is the fault
	// retry_later.
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// Asker is a method.Prober that has a Worker log in. Random may be nil.
type Asker struct {
	Functions Functions
	Function  string // The worker's name.
	Sealer    *vault.Sealer
	Now       func() time.Time
	Random    io.Reader
}

// Probe implements method.Prober. A worker that does not answer is trouble of
// ours and tells nothing of the account: the fault retry_later.
func (a Asker) Probe(ctx context.Context, l method.Login) (method.Probe, error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	request, err := a.seal(ctx, l)
	if err != nil {
		return method.Probe{}, fmt.Errorf("seal login: %w", err)
	}
	answer, err := a.Functions.Invoke(ctx, a.Function, request)
	if err != nil {
		return method.Probe{}, err
	}
	var out api.ServerProbed
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		return method.Probe{}, unanswered("not an answer")
	}
	if r := out.Refusal; r != nil {
		return method.Probe{}, fault.New(fault.Unprocessable, fault.Code(r.Code), r.Detail).WithRemedy(r.Remedy)
	}
	if out.Outcome == "" {
		return method.Probe{}, unanswered("no outcome")
	}
	return method.Probe{
		Outcome: catalog.Outcome(out.Outcome), Message: out.Message,
		AccountID: out.AccountID, AccountName: out.AccountName, HostKey: out.HostKey, Members: out.Members,
	}, nil
}

func (a Asker) seal(ctx context.Context, l method.Login) ([]byte, error) {
	in := api.ServerProbe{
		Tenant: l.Tenant, SealedAt: a.Now().Unix(),
		ID: id.Maker{Now: a.Now, Random: a.Random}.New(id.Probe),
	}
	plain, err := encode(l)
	if err != nil {
		return nil, err
	}
	if in.Sealed, err = a.Sealer.Seal(ctx, place(in), plain); err != nil {
		return nil, err
	}
	return json.Marshal(in)
}

func unanswered(why string) error {
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "A service we depend on is not available. Repeat the request.").
		WithRemedy("retry").Because(errors.New("ask to log in: " + why))
}
