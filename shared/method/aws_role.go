package method

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// AssumeRole gets temporary credentials of a role in the customer's AWS account
// (sts:AssumeRole). The inputs are roleArn, region and, where it is offered,
// sessionSeconds. The role trusts us under the external id of the connection's
// tenant, which nobody chooses and no two tenants share: whoever else learns the
// role's name cannot have us assume it for them
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
type AssumeRole struct{}

// The inputs of a role.
const (
	inputRole    = "roleArn"
	inputSeconds = "sessionSeconds"
)

// The bounds of a session. A function's own credentials are those of a role, and
// a session that is chained to another ends after an hour at the latest.
const (
	shortestSession = 15 * time.Minute
	longestSession  = time.Hour
)

var rolePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^arn:aws[-a-z]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}$`)
})

// Type implements Method.
func (AssumeRole) Type() string { return "aws_assume_role" }

// sessionForm is a session where the token answer has its access token.
type sessionForm struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}

// Apply implements Method: the lease has the session among its values.
func (AssumeRole) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	var f sessionForm
	if err := json.Unmarshal([]byte(token.AccessToken.Reveal()), &f); err != nil || f.SessionToken == "" {
		return vault.Leasable{}, Unreadable // The decoder's error may quote a value.
	}
	return leaseAWS(t, RoleSession{
		AccessKeyID: f.AccessKeyID, SecretAccessKey: secret.FromString(f.SecretAccessKey), SessionToken: secret.FromString(f.SessionToken),
	})
}

// Grant implements Granter. Nothing is kept but the name of the role.
func (AssumeRole) Grant(t Target, _ map[string]secret.Bytes) (Request, error) {
	role := t.Values[inputRole].Text
	if !rolePattern().MatchString(role) {
		return nil, wrongInput(inputRole, "Must be the ARN of a role, such as arn:aws:iam::210987654321:role/tenon-access.")
	}
	if t.ExternalID == "" {
		return nil, errors.New("assume role: the tenant has no external id")
	}
	return roleGrant{RoleRequest{
		RoleARN: role, ExternalID: t.ExternalID, SessionName: "tenon-" + t.Connection, Lifetime: sessionTime(t.Values[inputSeconds].Text),
	}}, nil
}

// Verify implements Verifier.
func (AssumeRole) Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	return verifyAWS(ctx, reach, t, l)
}

// roleGrant is a Request for a session of a role.
type roleGrant struct{ role RoleRequest }

// Send implements Request. AWS keeps nothing of a session that was issued, so
// that one whose answer was lost is no loss.
func (g roleGrant) Send(ctx context.Context, reach Reach) (Answer, error) {
	if reach.Roles == nil {
		return Answer{}, errNoRoles.Because(ErrNotSent)
	}
	s, err := reach.Roles.AssumeRole(ctx, g.role)
	switch f := fault.From(err); {
	case err == nil:
		return sessionAnswer(s, g.role.Lifetime)
	case errors.Is(err, Definitive):
		return Answer{Status: http.StatusBadRequest, Body: secret.FromString(`{"error":"invalid_grant"}`)}, nil
	case f.Kind == fault.RateLimited:
		return Answer{Status: http.StatusTooManyRequests, RetryAfter: f.RetryAfter}, nil
	case f.Kind == fault.Unavailable:
		return Answer{Status: http.StatusServiceUnavailable, RetryAfter: f.RetryAfter}, nil
	}
	return Answer{}, err
}

// sessionAnswer is the session in the form of RFC 6749 5.1. It lives as long as
// it was asked for: no clock of ours is compared with that of AWS.
func sessionAnswer(s RoleSession, lifetime time.Duration) (Answer, error) {
	session, err := json.Marshal(sessionForm{s.AccessKeyID, s.SecretAccessKey.Reveal(), s.SessionToken.Reveal()}) //nolint:gosec // It becomes a secret again, sealed before anyone reads it.
	if err != nil {
		return Answer{}, fmt.Errorf("encode session: %w", errMalformed)
	}
	body, err := json.Marshal(map[string]any{"access_token": string(session), "expires_in": int(lifetime.Seconds())})
	if err != nil {
		return Answer{}, fmt.Errorf("encode session: %w", errMalformed)
	}
	return Answer{Status: http.StatusOK, Body: secret.New(body)}, nil
}

// sessionTime reads how long a session is to last, within what AWS allows.
func sessionTime(text string) time.Duration {
	seconds, err := strconv.Atoi(text)
	if err != nil {
		return longestSession
	}
	return min(max(time.Duration(seconds)*time.Second, shortestSession), longestSession)
}
