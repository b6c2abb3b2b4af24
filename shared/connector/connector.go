// Package connector owns the connectors that an organization defines itself,
// beside those of the catalog: REST, GraphQL, SOAP and OIDC systems that nobody
// else has. It also tells which connections a dated change of a system hits. It
// depends on packages api, audit, auth, catalog, connection, fault and tenant.
//
// A definition has the form of a catalog entry and passes the same lint, and its
// hosts are checked as every address is before anything is saved. What is sent
// later is checked again by the way out itself.
package connector

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Record is a definition as it is stored.
type Record struct {
	ID         string
	Definition []byte // JSON of catalog.Connector.
	Retired    bool   // For no new template; what uses it goes on.
	Revision   int    // Counts changes; zero for a record that is not there.
	Version    int64
	UpdatedAt  time.Time
	UpdatedBy  string
}

// Store keeps definitions. It is the catalog.Own too.
type Store interface {
	catalog.Own
	// Record returns one; the zero Record when there is none.
	Record(ctx context.Context, id string) (Record, error)
	// Update works as connection.Store.Update does, and makes what is not there.
	Update(ctx context.Context, id string, change func(*Record) error) (Record, error)
}

// Service manages the organization's connectors.
type Service struct {
	Store Store
	Audit *audit.Log
	// Lint returns the connector of a definition, or what is wrong with it: each
	// a JSON pointer and a sentence, or a sentence on the whole.
	Lint func(definition []byte) (catalog.Connector, []string)
	// CheckURL refuses an address that nothing may be sent to.
	CheckURL func(address string) error
	Now      func() time.Time
}

// ErrNotFound is told of a connector that is not there, and to everyone but the
// organization.
var ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such connector.")

// Put makes a connector or changes the version of it named by ifMatch, which a
// new one has none of. An auth scheme that was there stays, with its type:
// connections use it.
func (s *Service) Put(ctx context.Context, caller auth.Caller, id, ifMatch string, definition []byte) (Record, error) {
	if err := s.allowed(ctx, caller, audit.ConnectorPut, id); err != nil {
		return Record{}, err
	}
	wanted, err := s.check(id, definition)
	if err != nil {
		return Record{}, err
	}
	return s.Store.Update(ctx, id, func(r *Record) error {
		if err := match(*r, ifMatch); err != nil {
			return err
		}
		if err := keepsSchemes(*r, wanted); err != nil {
			return err
		}
		r.Definition, r.Retired, r.Revision = definition, false, r.Revision+1
		r.UpdatedAt, r.UpdatedBy = s.Now().UTC(), caller.Actor()
		return nil
	})
}

// Delete retires a connector: it is not listed any more and no template can be
// made from it. Connections that use it go on.
func (s *Service) Delete(ctx context.Context, caller auth.Caller, id, ifMatch string) error {
	if err := s.allowed(ctx, caller, audit.ConnectorDelete, id); err != nil {
		return err
	}
	_, err := s.Store.Update(ctx, id, func(r *Record) error {
		if r.Revision == 0 || r.Retired {
			return ErrNotFound
		}
		if err := connection.MatchRevision(ifMatch, r.Revision); err != nil {
			return err
		}
		r.Retired, r.Revision = true, r.Revision+1
		r.UpdatedAt, r.UpdatedBy = s.Now().UTC(), caller.Actor()
		return nil
	})
	return s.Audit.Refuse(ctx, caller, audit.ConnectorDelete, id, err)
}

// allowed records the request of the organization, which alone may define.
func (s *Service) allowed(ctx context.Context, caller auth.Caller, action audit.Action, id string) error {
	if err := s.Audit.Check(ctx, caller, action, id); err != nil {
		return err
	}
	if !caller.IsOrganization() || caller.Tenant != auth.Organization {
		return s.Audit.Refuse(ctx, caller, action, id, ErrNotFound)
	}
	return nil
}

// match compares with the version the caller saw; a connector that is retired
// can be defined anew.
func match(r Record, ifMatch string) error {
	if r.Revision == 0 {
		if ifMatch != "" && ifMatch != "*" {
			return fault.New(fault.PreconditionFailed, fault.CodePreconditionFailed, "There is no such connector yet.")
		}
		return nil
	}
	return connection.MatchRevision(ifMatch, r.Revision)
}

// keepsSchemes refuses to drop what a connection may depend on.
func keepsSchemes(r Record, wanted catalog.Connector) error {
	if r.Revision == 0 {
		return nil
	}
	var before catalog.Connector
	if err := json.Unmarshal(r.Definition, &before); err != nil {
		return errors.New("stored definition cannot be decoded")
	}
	for _, scheme := range before.Schemes {
		kept, ok := wanted.Scheme(scheme.ID)
		if !ok || kept.Type != scheme.Type {
			return invalid(fault.Field{Pointer: "/definition/schemes", Detail: "Must keep the auth scheme " + scheme.ID + " with its type: connections may use it."})
		}
	}
	return nil
}

// check returns the definition if it may be saved under this id.
func (s *Service) check(id string, definition []byte) (catalog.Connector, error) {
	c, complaints := s.Lint(definition)
	if len(complaints) > 0 {
		return c, invalid(fields(complaints)...)
	}
	if !strings.HasPrefix(id, catalog.OwnPrefix) || c.ID != id {
		return c, invalid(fault.Field{Pointer: "/definition/id", Detail: "Must be the id of the path, which begins with " + catalog.OwnPrefix + "."})
	}
	if c.LocalOnly {
		return c, invalid(fault.Field{Pointer: "/definition/localOnly", Detail: "Is for entries of the catalog."})
	}
	for _, host := range c.Hosts {
		if len(catalog.Names(host)) > 0 {
			continue // A value of the connection, which is checked where it is used.
		}
		if err := s.checkHost(host); err != nil {
			return c, err
		}
	}
	return c, nil
}

// checkHost refuses a host that nothing may be sent to, and a wildcard over
// more than one owner's names.
func (s *Service) checkHost(host string) error {
	name, wildcard := strings.CutPrefix(host, "*.")
	u := url.URL{Scheme: "https", Host: name, Path: "/"}
	if wildcard {
		u.Host = "any." + name
	}
	if err := s.CheckURL(u.String()); err != nil {
		return err
	}
	if wildcard && strings.Count(name, ".") == 0 {
		return invalid(fault.Field{Pointer: "/definition/hosts", Detail: "A wildcard must stand before a domain, as in *.example.com."})
	}
	return nil
}

// fields are the complaints of the lint, each of which begins with a pointer
// unless it speaks of the whole.
func fields(complaints []string) []fault.Field {
	const most = 20
	var list []fault.Field
	for _, complaint := range complaints[:min(len(complaints), most)] {
		pointer, detail, found := strings.Cut(complaint, " ")
		if !found || !strings.HasPrefix(pointer, "/") {
			pointer, detail = "", complaint
		}
		list = append(list, fault.Field{Pointer: "/definition" + pointer, Detail: detail})
	}
	return list
}

func invalid(fields ...fault.Field) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The definition is not valid.", Remedy: "fix_input", Fields: fields,
	}
}
