package probe

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// Worker logs in for askers. The attempt is recorded by the method whose caller
// asked; the worker has no caller and records nothing but a line of its log.
type Worker struct {
	Servers method.Prober
	Sealer  *vault.Sealer
	Now     func() time.Time
}

// Probe answers one request. What must not be tried is a refusal in the answer;
// trouble of ours is an error, whose text says its class and nothing else. A
// request that is malformed, too old or sealed for another place is an error
// before anything is sent anywhere.
func (w Worker) Probe(ctx context.Context, in api.ServerProbe) (api.ServerProbed, error) {
	begun := w.Now()
	l, err := w.open(ctx, in)
	var p method.Probe
	if err == nil {
		p, err = w.login(ctx, l)
	}
	out, err := answer(p, err)
	outcome := out.Outcome
	if err != nil {
		outcome = err.Error()
	} else if out.Refusal != nil {
		outcome = out.Refusal.Code
	}
	slog.InfoContext(ctx, "probe", "protocol", l.Protocol, "outcome", outcome, "ms", w.Now().Sub(begun).Milliseconds())
	return out, err
}

func (w Worker) open(ctx context.Context, in api.ServerProbe) (method.Login, error) {
	if !id.ValidTenant(in.Tenant) || !id.Valid(id.Probe, in.ID) {
		return method.Login{}, malformed("names")
	}
	if age := w.Now().Sub(time.Unix(in.SealedAt, 0)); age > lifetime || age < -lifetime {
		return method.Login{}, malformed("age")
	}
	plain, err := w.Sealer.Open(ctx, place(in), in.Sealed)
	if err != nil {
		return method.Login{}, err
	}
	return decode(in.Tenant, plain)
}

func (w Worker) login(ctx context.Context, l method.Login) (method.Probe, error) {
	ctx, cancel := context.WithTimeout(ctx, loginTimeout)
	defer cancel()
	return w.Servers.Probe(ctx, l)
}

// answer keeps for the asker what it can act upon. A cause may quote a driver,
// so it goes no further.
func answer(p method.Probe, err error) (api.ServerProbed, error) {
	var f *fault.Error
	switch {
	case err == nil:
		return api.ServerProbed{
			Outcome: string(p.Outcome), Message: p.Message, AccountID: p.AccountID, AccountName: p.AccountName,
			HostKey: p.HostKey, Members: p.Members,
		}, nil
	case !errors.As(err, &f):
		return api.ServerProbed{}, errors.New(string(fault.CodeInternal))
	case f.Kind == fault.Unprocessable:
		return api.ServerProbed{Refusal: &api.Refusal{Code: string(f.Code), Detail: f.Detail, Remedy: f.Remedy}}, nil
	default:
		return api.ServerProbed{}, errors.New(string(f.Code))
	}
}
