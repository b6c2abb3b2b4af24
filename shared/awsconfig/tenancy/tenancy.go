// Package tenancy gives a function credentials that reach the data of one tenant.
// It depends on packages auth and awsconfig/securitytoken.
//
// Most functions serve all tenants, one at a time. Their own role reaches no data:
// they assume a second role and tag the session with the tenant that the work is
// for. The policies of that role hold keys of the table, secrets and encryption
// contexts against the tag, so that a mistake in our code that asks for what is
// another tenant's is refused by AWS (ADR 0053).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
package tenancy

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/awsconfig/securitytoken"
)

// Tag is the key of the session tag that names the tenant.
const Tag = "tenon:tenant"

const (
	// life is how long a session lasts, the most that AWS allows a role that was
	// assumed by a role.
	life = time.Hour
	// margin is how long before its end a session is no longer used.
	margin = 5 * time.Minute
	// most is how many sessions are held; beyond it any other one makes room.
	most = 4096
)

// Client makes sessions: securitytoken.Client.
type Client interface {
	AssumeRole(ctx context.Context, r securitytoken.Role) (aws.Credentials, error)
}

// Credentials implements aws.CredentialsProvider: it answers with those of the
// tenant that the context's work is for (auth.For), and with the function's own
// where it is for none.
type Credentials struct {
	STS  Client
	Role string // ARN of the role to assume.
	Own  aws.CredentialsProvider
	Now  func() time.Time

	lock sync.Mutex
	held map[string]*session
}

// session is one tenant's. Its lock is held while it is asked for, so that many who
// need it at once ask once.
type session struct {
	lock   sync.Mutex
	values aws.Credentials
}

// Config returns cfg with credentials by tenant, where the function has a role for
// them; an empty role leaves it as it is.
func Config(cfg aws.Config, role string) aws.Config {
	if role == "" {
		return cfg
	}
	scoped := cfg.Copy()
	scoped.Credentials = &Credentials{STS: securitytoken.Client{Config: cfg}, Role: role, Own: cfg.Credentials, Now: time.Now}
	return scoped
}

// Retrieve implements aws.CredentialsProvider.
func (c *Credentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	tenant := auth.TenantOf(ctx)
	if tenant == "" {
		return c.Own.Retrieve(ctx)
	}
	s := c.session(tenant)
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.values.HasKeys() && c.Now().Before(s.values.Expires.Add(-margin)) {
		return s.values, nil
	}
	values, err := c.STS.AssumeRole(ctx, securitytoken.Role{
		ARN: c.Role, SessionName: "tenant", Life: life, Tags: map[string]string{Tag: tenant},
	})
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("assume the role of a tenant: %w", err)
	}
	s.values = values
	return s.values, nil
}

// session returns the place of a tenant's session.
func (c *Credentials) session(tenant string) *session {
	c.lock.Lock()
	defer c.lock.Unlock()
	if s, found := c.held[tenant]; found {
		return s
	}
	if c.held == nil {
		c.held = map[string]*session{}
	}
	for other := range c.held {
		if len(c.held) < most {
			break
		}
		delete(c.held, other)
	}
	s := &session{}
	c.held[tenant] = s
	return s
}
