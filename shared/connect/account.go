package connect

import (
	"context"
	"maps"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// Listed are the accounts that a connection's credential reaches, as the system
// lists them now, and the id of the one that is chosen; empty for none.
type Listed struct {
	Accounts []method.Account
	Selected string
}

// Accounts lists what the credential of a connection reaches. The system is asked
// with the credential, which is refreshed for it if need be.
func (s *Service) Accounts(ctx context.Context, caller auth.Caller, connectionID string) (Listed, error) {
	if err := s.Audit.Check(ctx, caller, audit.AccountList, connectionID); err != nil {
		return Listed{}, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return Listed{}, s.Audit.Refuse(ctx, caller, audit.AccountList, connectionID, err)
	}
	if c.Lifecycle == connection.Deleting {
		return Listed{}, connection.ErrNotFound
	}
	if err := connection.Pass(ctx, s.Gate, &c); err != nil {
		return Listed{}, err
	}
	h, err := s.open(ctx, c)
	if err != nil {
		return Listed{}, err
	}
	accounts, err := s.list(ctx, h)
	return Listed{Accounts: accounts, Selected: h.Account.ID}, err
}

// tried chooses the account of a credential that is about to be established,
// where the system lists several, and asks the system about the credential under
// that choice. Before there is one nothing is asked but the list.
func (s *Service) tried(ctx context.Context, c connection.Connection, target method.Target, e established) (established, error) {
	m, _ := method.For(target.Scheme.Type)
	var err error
	if target.Scheme.Accounts != nil {
		unchoose(target)
		if e.Leasable, err = m.Apply(target, e.Fields, e.Token); err != nil {
			return e, err
		}
		e, err = s.elected(ctx, c, target, e)
		if err != nil || e.AccountRequired || e.Probe.Outcome != catalog.OK {
			return e, err
		}
	}
	if e.Leasable, err = m.Apply(target, e.Fields, e.Token); err != nil {
		return e, err
	}
	e.Probe, err = method.Verify(ctx, s.Reach, target, e.Leasable)
	return e, err
}

// elected chooses among the accounts that the credential reaches.
func (s *Service) elected(ctx context.Context, c connection.Connection, target method.Target, e established) (established, error) {
	listed, probe, err := method.Accounts(ctx, s.Reach, target, e.Leasable, s.Templates.Catalog.Local)
	e.Probe = probe
	if err != nil {
		return e, err
	}
	if probe.Outcome != catalog.OK {
		return e, unlistable(probe)
	}
	account, err := choose(listed, e.Wanted, c.Account.ID, e.AllowAccountChange)
	if err != nil {
		return e, err
	}
	if account == nil {
		e.AccountRequired = true
		return e, nil
	}
	e.Account, e.Captured = pin(*account), adopt(target, e.Captured, *account)
	return e, nil
}

// unlistable is the error of a list that a permission is missing for: no account
// can be chosen without it. What else the system says is for the caller to judge.
func unlistable(p method.Probe) error {
	if p.Outcome != catalog.PermissionError {
		return nil
	}
	return fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The credential may not list its accounts. Grant it the permission.").WithRemedy("grant_permissions")
}

// choose returns the account to use: the one that is wanted, else the one that is
// pinned, else the only one; nil where a person has to say.
func choose(listed []method.Account, wanted, pinned string, allowChange bool) (*method.Account, error) {
	switch {
	case len(listed) == 0:
		return nil, fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The credential reaches no account of the system.").WithRemedy("fix_input")
	case wanted != "":
		if found := find(listed, wanted); found != nil {
			return found, nil
		}
		return nil, fault.New(fault.Conflict, fault.CodeAccountMismatch, "The account that was asked for is not among those the credential reaches.").WithRemedy("fix_input")
	case pinned != "":
		if found := find(listed, pinned); found != nil || !allowChange {
			return found, mismatched(found)
		}
	}
	if len(listed) == 1 {
		return &listed[0], nil
	}
	return nil, nil
}

func mismatched(found *method.Account) error {
	if found == nil {
		return errAccount
	}
	return nil
}

func find(listed []method.Account, accountID string) *method.Account {
	for i := range listed {
		if listed[i].ID == accountID {
			return &listed[i]
		}
	}
	return nil
}

func pin(a method.Account) connection.Account {
	return connection.Account{ID: a.ID, Name: a.Name, Kind: a.Kind}
}

// adopt puts what the choice sets into the target, and returns all that is
// captured then.
func adopt(target method.Target, captured map[string]string, a method.Account) map[string]string {
	all := maps.Clone(captured)
	if all == nil {
		all = map[string]string{}
	}
	for name, value := range a.Values {
		all[name], target.Values[name] = value.Text, value
	}
	return all
}

// unchoose takes what a choice set out of the target.
func unchoose(target method.Target) {
	for _, c := range target.Scheme.Accounts.Capture {
		delete(target.Values, c.Name)
	}
}

// checkWanted refuses to name an account where none are listed.
func checkWanted(scheme catalog.Scheme, accountID string) error {
	if accountID != "" && scheme.Accounts == nil {
		return wrong("/account", "This auth scheme lists no accounts to choose from.")
	}
	return nil
}
