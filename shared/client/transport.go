package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// drainLimit is how much of an answer that is not handed on is read, in bytes, so
// that its connection can be used again.
const drainLimit = 64 << 10

// Transport is an http.RoundTripper that puts the leased credential on requests,
// whatever the auth scheme writes on them: headers, query parameters, a client
// certificate, a signature of OAuth 1.0. It keeps a lease for at most five minutes,
// which callers share, asks for another one after a 401 and repeats the request
// with it once, and reports how calls went. It is safe for concurrent use.
//
// A URL without a host, such as "contacts?limit=5", is one below the base URL of
// the lease. A request to any other host than that of the base URL, and those of
// Hosts, is an error; a redirect to one is followed without the credential. What
// stands in no request, such as the login of a database, is not for a Transport:
// lease it with Call. Package awscredentials has what signs for AWS.
//
// An error of the lease is a *Problem: with the remedy reconnect there is nothing
// to do but wait until a person has reconnected.
type Transport struct {
	Environment string            // Of the lease: test, or empty for production. Set before the first request, as are the others.
	Hosts       []string          // Names of further hosts of the system, reached over HTTPS.
	Base        http.RoundTripper // Sends the requests; nil means http.DefaultTransport. For client certificates it must be an *http.Transport.

	leases   leases
	reporter reporter
}

// NewTransport returns a transport with the credential of a connection, which is
// leased for the stated purpose:
//
//	crm := &http.Client{Transport: client.NewTransport(c, connectionID, "sync contacts")}
func NewTransport(c *Client, connectionID, purpose string) *Transport {
	t := newTransport(c)
	t.leases.ask = func(ctx context.Context, refused int) (api.Lease, error) {
		return Call(ctx, c, routes.ConnectionLease, api.LeaseRequest{
			ConnectionID: connectionID, Purpose: purpose, Environment: t.Environment, RefusedTokenVersion: refused,
		})
	}
	return t
}

// NewBindingTransport returns a transport with the credential of whichever
// connection is bound to the slot of a flow. Another one that is bound is used
// within five minutes.
func NewBindingTransport(c *Client, flowID, slot, purpose string) *Transport {
	t := newTransport(c)
	t.leases.ask = func(ctx context.Context, refused int) (api.Lease, error) {
		return Call(ctx, c, routes.BindingLease, api.BindingLeaseRequest{
			FlowID: flowID, Slot: slot, Purpose: purpose, Environment: t.Environment, RefusedTokenVersion: refused,
		})
	}
	return t
}

func newTransport(c *Client) *Transport {
	t := &Transport{}
	t.leases.use = func(l api.Lease, prior *held) (*held, error) { return hold(l, t.base(), prior) }
	t.reporter.send = func(ctx context.Context, in api.CallReport) error {
		_, err := Call(ctx, c, routes.ConnectionCalls, in)
		return err
	}
	return t
}

// RoundTrip implements http.RoundTripper. A request with a body is repeated only
// if it has GetBody, as those of http.NewRequest have.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	h, err := t.leases.get(r.Context())
	if err != nil {
		return nil, errors.Join(err, closeBody(r))
	}
	target, err := t.target(h, r)
	if err != nil {
		return nil, errors.Join(err, closeBody(r))
	}
	if target == nil {
		return t.base().RoundTrip(r) // A redirect to somebody else.
	}
	res, err := send(r, target, h)
	if err == nil && res.StatusCode == http.StatusUnauthorized {
		res, h, err = t.again(r, target, h, res)
	}
	if word := outcome(r.Context(), res, err); word != "" && h != nil {
		t.reporter.add(h.lease.ConnectionID, word)
	}
	if err != nil {
		return nil, err
	}
	return answered(r, target, res), nil
}

// again repeats a request that was refused, if there is another credential. The
// lease that is returned is the one that the answer is about, or nil where the
// refusal itself is no news.
func (t *Transport) again(r *http.Request, target *url.URL, h *held, res *http.Response) (*http.Response, *held, error) {
	t.leases.refuse(h)
	if r.Body != nil && r.Body != http.NoBody && r.GetBody == nil {
		return res, h, nil
	}
	next, err := t.leases.get(r.Context())
	if err != nil {
		t.reporter.add(h.lease.ConnectionID, authError)
		_ = res.Body.Close()
		return nil, nil, fmt.Errorf("the credential was refused: %w", err)
	}
	if next.key() == h.key() {
		return res, h, nil
	}
	if moved, err := t.target(next, r); err != nil || moved == nil || *moved != *target {
		return res, h, nil // Another connection is bound, elsewhere.
	}
	repeated := r.Clone(r.Context())
	if r.GetBody != nil {
		if repeated.Body, err = r.GetBody(); err != nil {
			return res, h, nil
		}
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, drainLimit))
	_ = res.Body.Close()
	res, err = send(repeated, target, next)
	return res, next, err
}

// Close reports the calls that are not reported yet; otherwise those of the last
// half minute may be lost with the process. The transport may be used on.
func (t *Transport) Close(ctx context.Context) error { return t.reporter.flush(ctx) }

// Format implements fmt.Formatter: a Transport holds credentials and prints none.
func (t *Transport) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "client.Transport") }

// CloseIdleConnections does what http.Client.CloseIdleConnections asks for.
func (t *Transport) CloseIdleConnections() {
	closeIdle(t.base())
	if h := t.leases.peek(); h != nil {
		closeIdle(h.base)
	}
}

func closeIdle(rt http.RoundTripper) {
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (t *Transport) base() http.RoundTripper {
	if t.Base != nil {
		return t.Base
	}
	return http.DefaultTransport
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}
