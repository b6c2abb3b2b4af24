package walktest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// externalIDs are the tenants' as template.ExternalIDs finds them.
type externalIDs struct{}

func (externalIDs) ExternalID(_ context.Context, tenant string) (string, error) {
	return "external-id-of-" + tenant, nil
}

// awsAccount is a method.RoleAssumer of the account of a world: with one role
// that trusts one tenant, and one user with a key.
type awsAccount struct {
	world    *world
	distrust bool
	issued   []string // Ids of the sessions, the newest last.
	until    time.Time
}

var errRefused = fmt.Errorf("%w: %w", method.Definitive, errors.New("AccessDenied"))

// AssumeRole implements method.RoleAssumer.
func (a *awsAccount) AssumeRole(_ context.Context, r method.RoleRequest) (method.RoleSession, error) {
	trusted := r.RoleARN == a.world.provider.Inputs["roleArn"] && r.ExternalID == "external-id-of-acme" && strings.HasPrefix(r.SessionName, "tenon-con_")
	if !trusted || a.distrust {
		return method.RoleSession{}, errRefused
	}
	id := fmt.Sprintf("ASIA%016d", len(a.issued))
	a.issued, a.until = append(a.issued, id), a.world.tick().Add(r.Lifetime)
	return method.RoleSession{AccessKeyID: id, SecretAccessKey: secret.FromString("secret-of-" + id), SessionToken: secret.FromString("session-of-" + id)}, nil
}

// CallerIdentity implements method.RoleAssumer.
func (a *awsAccount) CallerIdentity(_ context.Context, region string, s method.RoleSession) (arn, account string, err error) {
	p := a.world.provider
	if want := p.Filled("{region}"); region != want {
		return "", "", fmt.Errorf("asked in region %q, want %q", region, want)
	}
	newest := len(a.issued) > 0 && s.AccessKeyID == a.issued[len(a.issued)-1]
	session := newest && s.SecretAccessKey.Reveal() == "secret-of-"+s.AccessKeyID && s.SessionToken.Reveal() == "session-of-"+s.AccessKeyID
	user := s.AccessKeyID != "" && s.AccessKeyID == p.Fields["accessKeyId"] && s.SecretAccessKey.Reveal() == p.Fields["secretAccessKey"] && s.SessionToken.IsZero()
	switch {
	case session && a.world.tick().Before(a.until):
		return "arn:aws:sts::210987654321:assumed-role/tenon-access/tenon-con_1", "210987654321", nil
	case user:
		return "arn:aws:iam::210987654321:user/tenon", "210987654321", nil
	}
	return "", "", errRefused
}

// walkRole connects without a person and without a secret, and has a new session
// when the old one ends.
func walkRole(t *testing.T, w *world) {
	account := w.connects.Reach.Roles.(*awsAccount)
	account.distrust = true
	if _, err := w.create(t.Context(), nil); !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("a role that does not trust the tenant: got %v, want %s", err, fault.CodeVerificationFailed)
	}
	w.nothing()
	account.distrust = false
	c := w.connected()
	w.wantEstablished(t, c)
	for range 3 {
		before := len(account.issued)
		w.wantSession(t, account, c.ID)
		w.wantOutcome(t, c.ID, catalog.OK)
		w.advance(w.get(c.ID).Credential.ExpiresAt.Sub(w.tick()) + 1)
		w.wantSession(t, account, c.ID)
		if len(account.issued) != before+1 {
			t.Errorf("%d sessions were issued for one that ended", len(account.issued)-before)
		}
	}
	w.end(t, c.ID)
}

// wantSession leases the newest session with what the entry places.
func (w *world) wantSession(t *testing.T, account *awsAccount, id string) {
	t.Helper()
	l, err := w.lease(id)
	must(t, err)
	key := account.issued[len(account.issued)-1]
	w.wantPlaced(t, l.Credential, "", map[string]string{
		"accessKeyId": key, "secretAccessKey": "secret-of-" + key, "sessionToken": "session-of-" + key,
	})
}
