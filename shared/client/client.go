// Package client calls the API with the types of the route table. It depends
// on packages fault, oauth1, routes and secret, on the wire types of package api,
// and on golang.org/x/oauth2 for token sources.
//
// There is no method per operation: an operation is a value of package routes.
//
//	connection, err := client.Call(ctx, c, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
//
// A program that uses a connection needs no operation at all, only a Transport. What
// follows goes on through the end of tokens, rotations and reconnects:
//
//	func main() {
//		c := client.New("https://tenon.example.com", bearer, http.DefaultClient)
//		t := client.NewTransport(c, "con_01M7VZGC000000000000000001", "sync contacts")
//		crm := &http.Client{Transport: t}
//		for range time.Tick(time.Minute) {
//			res, err := crm.Get("api/contacts") // Below the base URL of the connection.
//			if err != nil {
//				log.Print(err) // A *Problem says what a person can do.
//				continue
//			}
//			sync(res)
//		}
//	}
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// responseLimit is what a response body may hold, in bytes.
const responseLimit = 4 << 20

// errTooLarge is returned for a response above the limit.
var errTooLarge = errors.New("the response is larger than 4 MiB")

// Doer sends one HTTP request, as *http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client calls one deployment as one caller. It is safe for concurrent use.
type Client struct {
	base   string
	token  func(context.Context) (string, error)
	http   Doer
	tenant string
	tries  int // Of one operation, at most.
}

// New returns a client of the deployment at base, such as
// https://tenon.example.com. token returns the caller's bearer token and is
// asked for each request; it may be nil where only public operations are
// called. What may be repeated is, up to four times: see Tries.
func New(base string, token func(context.Context) (string, error), http Doer) *Client {
	return &Client{base: strings.TrimSuffix(base, "/"), token: token, http: http, tries: maxTries}
}

// For returns a client that acts for a tenant. Only tokens of the organization
// may.
func (c *Client) For(tenant string) *Client {
	acting := *c
	acting.tenant = tenant
	return &acting
}

// Tries returns a client that sends a request at most n times; with 1, it repeats
// nothing. It is repeated where that is harmless: a read, a lease, or what has an
// Idempotency-Key, which an operation that takes one is given; and other changes
// that are idempotent where the service has said that it did not make them. Between
// two tries it waits as long as the service says, or for a time that doubles; what
// the context leaves no time for is not waited for.
func (c *Client) Tries(n int) *Client {
	trying := *c
	trying.tries = n
	return &trying
}

// Call performs the operation. An answer that is an error is a *Problem.
// Optimistic concurrency is the caller's: put the ETag() of what was read into
// the IfMatch of the request.
func Call[In, Out any](ctx context.Context, c *Client, r routes.Typed[In, Out], in In) (Out, error) {
	var out Out
	body, err := c.send(ctx, r.Route, reflect.ValueOf(in))
	if err != nil {
		return out, fmt.Errorf("%s: %w", r.Name, err)
	}
	if _, none := any(out).(api.None); none {
		return out, nil
	}
	if err := json.Unmarshal(body, &out); err != nil {
		return out, fmt.Errorf("%s: decode the answer: %w", r.Name, err)
	}
	return out, nil
}

// send performs the request and returns the body of a successful answer.
func (c *Client) send(ctx context.Context, r *routes.Route, in reflect.Value) ([]byte, error) {
	if out := r.Out(); out == reflect.TypeFor[api.Browser]() || out == reflect.TypeFor[api.Download]() || !r.IsOperation() {
		return nil, errors.New("is not for clients")
	}
	key := c.key(in)
	for n := 1; ; n++ {
		req, err := newRequest(ctx, c.base, r, in)
		if err != nil {
			return nil, err
		}
		if key != "" {
			req.Header.Set(keyHeader, key)
		}
		body, err := c.try(req, r)
		if err == nil || n >= c.tries || !repeatable(req, r, err) || !rest(ctx, n, err) {
			return body, err
		}
	}
}

// try performs the request once.
func (c *Client) try(req *http.Request, r *routes.Route) ([]byte, error) {
	res, err := c.do(req, r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	return read(res)
}

// do sends the request as the caller.
func (c *Client) do(req *http.Request, r *routes.Route) (*http.Response, error) {
	if c.tenant != "" {
		req.Header.Set("Tenon-Tenant", c.tenant)
	}
	if !r.Public() {
		token, err := c.bearer(req.Context())
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, lostError{err}
	}
	return res, nil
}

func (c *Client) bearer(ctx context.Context) (string, error) {
	if c.token == nil {
		return "", errors.New("the operation needs a bearer token")
	}
	token, err := c.token(ctx)
	if err != nil {
		return "", fmt.Errorf("get a bearer token: %w", err)
	}
	return token, nil
}

// read returns the body of a successful answer and any other as a *Problem.
func read(res *http.Response) ([]byte, error) {
	body, err := content(res)
	if err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if len(body) > 0 && (err != nil || media != "application/json" && !strings.HasSuffix(media, "+json")) {
		return nil, fmt.Errorf("the answer is %q and not JSON", media)
	}
	return body, nil
}

// content returns the body of a successful answer, whatever it is.
func content(res *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, responseLimit+1))
	if err != nil {
		return nil, lostError{fmt.Errorf("read the answer: %w", err)}
	}
	if len(body) > responseLimit {
		return nil, errTooLarge
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, newProblem(res, body)
	}
	return body, nil
}
