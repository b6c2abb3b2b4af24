package connect

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
)

// Import is a connection that another system kept so far. Its Key is the name
// that system has for it.
type Import struct {
	New
	TemplateKey string // Stable key, where TemplateID is empty.
}

// ImportStatus is what became of one import.
type ImportStatus string

// The statuses of an import.
const (
	ImportCreated ImportStatus = "created"
	ImportExists  ImportStatus = "exists"
	ImportFailed  ImportStatus = "failed"
	ImportSkipped ImportStatus = "skipped" // It was not looked at: time was up.
)

// Imported is the result of one import. Problem is why it failed or, of one that
// is there, why it is degraded.
type Imported struct {
	Key        string
	Status     ImportStatus
	Connection connection.Connection // Zero where nothing is there.
	Problem    error
}

const (
	// importTime is after how long no further import of a call is begun: what was
	// begun then still has time for two calls of the system and a refresh, and the
	// caller has its answer within the half minute that the gateway waits.
	importTime = 10 * time.Second
	// importsAtOnce bounds how many run at a time.
	importsAtOnce = 5
	// importKept is how long an external id is that of its connection, unless the
	// connection is gone before.
	importKept = 10 * 365 * 24 * time.Hour
)

var (
	errIncomplete = &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is missing.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/credential", Detail: "Must be there, or a token."}},
	}
	errBoth = &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is given twice.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/token", Detail: "Must be absent where a credential is given."}},
	}
	errTwice = &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The external id is missing or not unique.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/externalId", Detail: "Must be there, and once in a request."}},
	}
	errNoTemplate = &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The template is missing or named twice.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/templateId", Detail: "Must be there, or a templateKey."}},
	}
	errContent = fault.New(fault.Conflict, fault.CodeIdempotencyMismatch,
		"The externalId is that of a connection that was imported with another content.").WithRemedy("fix_input")
)

// Import makes connections of what another system kept, each verified before it
// is current and each on its own: none is kept from its result by another. An
// external id is that of one connection for as long as it exists; what was
// imported before, or half imported when a run died, is found by it. The results
// are in the order of the items.
func (s *Service) Import(ctx context.Context, caller auth.Caller, items []Import) ([]Imported, error) {
	if err := s.Audit.Permit(ctx, caller, audit.ConnectionCreate); err != nil {
		return nil, err
	}
	until, results, seen := s.Now().Add(importTime), make([]Imported, len(items)), map[string]bool{"": true}
	turns := make(chan struct{}, importsAtOnce)
	var group sync.WaitGroup
	for i, item := range items {
		results[i] = Imported{Key: item.Key, Status: ImportSkipped}
		if seen[item.Key] {
			results[i].Status, results[i].Problem = ImportFailed, errTwice
			continue
		}
		seen[item.Key] = true
		turns <- struct{}{}
		if ctx.Err() != nil || s.Now().After(until) {
			<-turns
			continue
		}
		group.Go(func() {
			defer func() { <-turns }()
			results[i] = s.importOne(ctx, caller, item)
		})
	}
	group.Wait()
	return results, nil
}

func (s *Service) importOne(ctx context.Context, caller auth.Caller, item Import) Imported {
	var left connection.Connection
	request := idempotency.Request{
		Route: "connection-import", Key: item.Key, Fingerprint: item.Fingerprint, Prefix: id.Connection, Keep: importKept,
		Gone: func(connectionID string) (bool, error) {
			_, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
			if errors.Is(err, connection.ErrNotFound) {
				return true, nil
			}
			return false, err
		},
	}
	done, err := idempotency.Do(ctx, s.Idempotency, caller, request,
		func(connectionID string) (Imported, error) {
			made, err := s.bring(ctx, caller, connectionID, item)
			if errors.Is(err, idempotency.ErrLeft) {
				left.ID = connectionID
			}
			return made, err
		},
		func(connectionID string) (Imported, error) { return s.found(ctx, caller, connectionID) })
	if fault.Has(err, fault.CodeIdempotencyMismatch) {
		err = errContent
	}
	if err != nil {
		slog.WarnContext(ctx, "import failed", "connection", left.ID, "template", item.TemplateID, "error", err)
		return Imported{Key: item.Key, Status: ImportFailed, Connection: left, Problem: err}
	}
	done.Key = item.Key
	return done
}

// bring makes the connection, or goes on where an earlier run of the same import
// died.
func (s *Service) bring(ctx context.Context, caller auth.Caller, connectionID string, item Import) (Imported, error) {
	n := item.New
	n.Complete = true
	switch {
	case n.Grant != nil && len(n.Credential) > 0:
		return Imported{}, errBoth
	case (n.TemplateID == "") == (item.TemplateKey == ""):
		return Imported{}, errNoTemplate
	case n.TemplateID == "":
		t, err := s.Templates.FindByKey(ctx, caller.Tenant, item.TemplateKey)
		if err != nil {
			return Imported{}, s.Audit.Refuse(ctx, caller, audit.ConnectionCreate, connectionID, err)
		}
		n.TemplateID = t.ID
	}
	if n.Grant != nil {
		return s.takeOver(ctx, caller, connectionID, n)
	}
	c, err := s.create(ctx, caller, connectionID, n)
	return Imported{Status: ImportCreated, Connection: c}, err
}

// found returns the connection that was imported before.
func (s *Service) found(ctx context.Context, caller auth.Caller, connectionID string) (Imported, error) {
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err == nil && c.Lifecycle == connection.Deleting {
		err = errRemoving
	}
	if err != nil {
		return Imported{}, err
	}
	return Imported{Status: ImportExists, Connection: c, Problem: degraded(&c, s.Now())}, nil
}

// degraded is why a connection is, as a fault; nil where it is not.
func degraded(c *connection.Connection, now time.Time) error {
	status := connection.StatusOf(c, now)
	if status.Name != connection.StatusDegraded {
		return nil
	}
	code := fault.CodeVerificationFailed
	if status.Remedy == "reconnect" {
		code = fault.CodeReauthRequired
	}
	return fault.New(fault.Conflict, code, status.Message).WithRemedy(status.Remedy)
}
