package method

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// SessionToken is a login call that gives a token for a while. What logs in is
// kept; a lease hands out the token alone.
type SessionToken struct{}

// Type implements Method.
func (SessionToken) Type() string { return "session_token" }

// Apply implements Method. The token is of no type of RFC 6749.
func (SessionToken) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	token.Type = ""
	return bearer(t, token)
}

// Describe shows the user and nothing of what is secret.
func (SessionToken) Describe(fields map[string]secret.Bytes) Description {
	return Description{User: fields[fieldUser].Reveal()}
}

// Grant returns the login, after it made sure that nothing is missing for it.
func (SessionToken) Grant(t Target, fields map[string]secret.Bytes) (Request, error) {
	l := login{t, maps.Clone(fields)}
	if _, err := l.request(context.Background()); err != nil {
		return nil, err
	}
	return l, nil
}

// Revoke logs out, with the token's placement. A session that the system does
// not know any more counts as ended.
func (SessionToken) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, _ string) (Revocation, error) {
	if t.Scheme.Login.Logout == nil {
		return NotSupported, nil
	}
	if token.IsZero() {
		return NothingToRevoke, nil
	}
	l, err := bearer(t, Token{AccessToken: token})
	if err != nil {
		return RevokePending, err
	}
	probe, err := Call(ctx, reach, t, *t.Scheme.Login.Logout, l)
	if err != nil {
		return RevokePending, err
	}
	switch probe.Outcome {
	case catalog.OK, catalog.AuthError:
		return Revoked, nil
	case catalog.PermissionError, catalog.Unknown:
		return RevokeFailed, nil
	default:
		return RevokePending, nil
	}
}

// login is one login call, ready to be made.
type login struct {
	Target Target
	Fields map[string]secret.Bytes
}

func (l login) request(ctx context.Context) (*http.Request, error) {
	vars := variables(l.Target, l.Fields)
	vars["basic"] = base64.StdEncoding.EncodeToString([]byte(vars[fieldUser] + ":" + vars[fieldPassword]))
	req, _, err := newRequest(ctx, l.Target, l.Target.Scheme.Login.Request, vars)
	return req, err
}

// Send makes the call exactly once. A refusal of what logs in is invalid_grant.
func (l login) Send(ctx context.Context, reach Reach) (Answer, error) {
	req, err := l.request(ctx)
	if err != nil {
		return Answer{}, errors.Join(err, ErrNotSent)
	}
	answer, header, err := exchange(reach.HTTP, req)
	if err != nil {
		return Answer{}, err
	}
	members, err := decodeMembers(answer.Body.Reveal())
	if err != nil {
		members = nil // It may be a text, or nothing beside a header.
	}
	switch classify(l.Target.Scheme.Login.Request, answer.Status, members, answer.Body.Reveal()) {
	case catalog.OK:
		answer.Status = http.StatusOK
		return answer.with(l.token(answer.Body.Reveal(), members, header, reach.now()))
	case catalog.AuthError, catalog.PermissionError:
		answer.Status = http.StatusBadRequest
		return answer.with(map[string]string{"error": "invalid_grant"})
	case catalog.RateLimited:
		answer.Status = http.StatusTooManyRequests
	case catalog.ProviderError:
		answer.Status = max(answer.Status, http.StatusInternalServerError)
	default:
		if answer.Status >= 300 && answer.Status < 400 {
			return Answer{}, errRedirect
		}
	}
	return answer.with(nil)
}

// token returns the members of RFC 6749 5.1. Without a token there is none.
func (l login) token(body string, members map[string]any, header http.Header, now time.Time) map[string]string {
	spec, token := l.Target.Scheme.Login, ""
	switch {
	case spec.Token != "":
		token = text(members, spec.Token)
	case spec.Header != "":
		token = header.Get(spec.Header)
	case spec.Cookie != "":
		for _, cookie := range (&http.Response{Header: header}).Cookies() {
			if cookie.Name == spec.Cookie {
				token = cookie.Value
			}
		}
	default:
		if err := json.Unmarshal([]byte(body), &token); err != nil {
			token = ""
		}
	}
	out := map[string]string{"access_token": token}
	if seconds := l.lifetime(members, now); seconds > 0 {
		out["expires_in"] = strconv.Itoa(seconds)
	}
	return out
}

// lifetime is how long the token lives, in seconds: as the answer says it in one
// way or the other, else as the connector does. Zero is not said.
func (l login) lifetime(members map[string]any, now time.Time) int {
	spec := l.Target.Scheme.Login
	if spec.ExpiresIn != "" {
		if d := lifetime(Member(members, spec.ExpiresIn)); d > 0 {
			return int(d.Seconds())
		}
	}
	if spec.ExpiresAt != "" {
		if d := moment(text(members, spec.ExpiresAt)).Sub(now); d >= time.Second {
			return int(d.Seconds())
		}
	}
	return spec.Seconds
}

// moment reads a point in time: RFC 3339, or Unix time in seconds or, where that
// would be thousands of years away, in milliseconds. Anything else is zero.
func moment(said string) time.Time {
	if at, err := time.Parse(time.RFC3339, said); err == nil {
		return at
	}
	unix, err := strconv.ParseFloat(said, 64)
	switch {
	case err != nil || !(unix > 0) || unix > 1e15: // As NaN is not greater either.
		return time.Time{}
	case unix > 1e11:
		return time.UnixMilli(int64(unix))
	default:
		return time.Unix(int64(unix), 0)
	}
}
