package template

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// check validates scopes and the inherited inputs, which need not be complete:
// a connection gives the rest.
func (s *Service) check(t *Template, connector catalog.Connector, scheme catalog.Scheme, inputs map[string]string) error {
	checked, err := catalog.CheckPartialInputs(connector.InputsFor(scheme), inputs, s.Catalog.Local)
	if err != nil {
		return err
	}
	t.Inputs = checked
	if len(t.Scopes) > 0 && scheme.OAuth == nil {
		return wrongField("/scopes", "This auth scheme has no scopes.")
	}
	for i, scope := range t.Scopes {
		if !validScope(scope) {
			return wrongField(fmt.Sprintf("/scopes/%d", i), "Is not a scope (RFC 6749 3.3).")
		}
	}
	slices.Sort(t.Scopes)
	t.Scopes = slices.Compact(t.Scopes)
	return nil
}

// validScope is the scope-token of RFC 6749 3.3, at most 256 characters.
func validScope(scope string) bool {
	if scope == "" || len(scope) > 256 {
		return false
	}
	for _, r := range []byte(scope) {
		if r < 0x21 || r > 0x7e || r == '"' || r == '\\' {
			return false
		}
	}
	return true
}

// checkClient demands the OAuth client where the scheme needs the template's, and
// its secret.
func checkClient(scheme catalog.Scheme, clientID string, hasSecret bool) error {
	if scheme.OAuth == nil && scheme.OAuth1 == nil && (clientID != "" || hasSecret) {
		return wrongField("/clientId", "This auth scheme has no OAuth client.")
	}
	details := map[string]string{
		missingClientID:     "This auth scheme needs the OAuth client registered at the system.",
		missingClientSecret: "This auth scheme needs the client's secret.",
	}
	for _, part := range missing(scheme, clientID, hasSecret) {
		return wrongField("/"+part, details[part])
	}
	return nil
}

// saveSecret stores a client secret as a secret of its own and returns what the
// record keeps. The name is new each time, so a crash before the record is
// written leaves the template as it was.
func (s *Service) saveSecret(ctx context.Context, caller auth.Caller, t Template, value secret.Bytes) (*ClientSecret, error) {
	key, err := s.Keys.DataKey(ctx, t.Owner)
	if err != nil {
		return nil, err
	}
	material := vault.Material{
		Tenant: t.Owner, Resource: t.ID, IssuedAt: s.Now().UTC(),
		Fields: map[string]secret.Bytes{clientSecretField: value},
	}
	encoded, err := material.Encode()
	if err != nil {
		return nil, err
	}
	name := vault.SecretName(s.Stage, t.Owner, t.ID, s.IDs.New(id.Secret))
	version, err := s.Secrets.Create(ctx, name, key.KeyARN, vault.Token(name), encoded)
	if err != nil {
		return nil, err
	}
	return &ClientSecret{
		At:    vault.Locator{Secret: name, Version: version},
		Last4: value.Last4(), SetAt: s.Now().UTC(), SetBy: caller.Actor(),
	}, nil
}

const clientSecretField = "clientSecret"

// retire hides the template, so that no connection can be made from it any
// more, and fails with template_in_use, showing it again, when one was. One that
// is known to be in use is not hidden: flows that use its connections would find it gone.
func (s *Service) retire(ctx context.Context, t Template) error {
	if !t.Deleting {
		if used, err := s.Store.InUse(ctx, t.Owner, t.ID); err != nil || used {
			return errors.Join(err, inUse(used))
		}
	}
	hide := func(hidden bool) error {
		_, err := s.Store.Update(ctx, t.Owner, t.ID, func(stored *Template) error {
			stored.Deleting = hidden
			return nil
		})
		return err
	}
	if err := hide(true); err != nil {
		return err
	}
	used, err := s.Store.InUse(ctx, t.Owner, t.ID)
	if err == nil && !used {
		return nil
	}
	return errors.Join(err, hide(false), inUse(used))
}

func inUse(used bool) error {
	if !used {
		return nil
	}
	return fault.New(fault.Conflict, fault.CodeTemplateInUse, "Connections were made from this template. Delete them first.")
}

func (s *Service) list(ctx context.Context, tenant string, owners []string, connector, start string, limit int) ([]Template, string, error) {
	owner, after := splitCursor(start, owners[0])
	var kept []Template
	for i := max(slices.Index(owners, owner), 0); i < len(owners); i, after = i+1, "" {
		found, next, err := s.Store.List(ctx, owners[i], after, limit-len(kept))
		if err != nil {
			return nil, "", err
		}
		for _, t := range found {
			if t.visible(tenant) && (connector == "" || t.Connector == connector) {
				kept = append(kept, t)
			}
		}
		if next != "" {
			return kept, owners[i] + "/" + next, nil
		}
		if len(kept) == limit && i+1 < len(owners) {
			return kept, owners[i+1] + "/", nil
		}
	}
	return kept, "", nil
}

// splitCursor reads "<owner>/<id>".
func splitCursor(cursor, first string) (owner, after string) {
	owner, after, ok := strings.Cut(cursor, "/")
	if !ok {
		return first, ""
	}
	return owner, after
}

func wrongField(pointer, detail string) *fault.Error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The template is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: detail}},
	}
}
