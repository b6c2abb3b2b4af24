package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// deployment is a client whose bearer token stands in the environment.
func deployment() *client.Client {
	token := func(context.Context) (string, error) { return os.Getenv("TENON_TOKEN"), nil }
	return client.New(os.Getenv("TENON_URL"), token, http.DefaultClient)
}

// A program that copies the contacts of a customer's CRM: tokens end, keys are
// rotated and people reconnect while it runs.
func ExampleNewTransport() {
	ctx := context.Background()
	t := client.NewTransport(deployment(), "con_01M7VZGC000000000000000001", "sync contacts")
	defer func() { _ = t.Close(ctx) }() // Report the last calls.
	crm := &http.Client{Transport: t}
	res, err := crm.Get("contacts?limit=5")
	if client.Has(err, fault.CodeReauthRequired) {
		log.Fatal("somebody has to reconnect the CRM")
	}
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(os.Stdout, res.Body)
}

// A flow uses whichever connection is bound to its slot. Google has many hosts, so
// the program names those that it calls.
func ExampleNewBindingTransport() {
	t := client.NewBindingTransport(deployment(), "nightly-export", "destination", "export orders")
	t.Hosts = []string{"sheets.googleapis.com", "www.googleapis.com"}
	sheets := &http.Client{Transport: t}
	_, _ = sheets.Get("https://sheets.googleapis.com/v4/spreadsheets/1")
}

// Where a library wants a token source, and the credential is an access token.
func ExampleTokenSource() {
	ctx := context.Background()
	source := client.TokenSource(ctx, deployment(), "con_01M7VZGC000000000000000001", "sync contacts")
	_, _ = oauth2.NewClient(ctx, source).Get("https://api.example.com/contacts")
}

// An operation is a value of package routes. What takes an Idempotency-Key is given
// one, so that it is safe to repeat.
func ExampleCall() {
	answer := func(req *http.Request) (*http.Response, error) {
		fmt.Println(req.Method, req.URL.Path, len(req.Header.Get("Idempotency-Key")) > 0)
		return respond(req, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]string{"id": "con_1", "status": "pending"})
		}), nil
	}
	c := client.New("https://tenon.example.com", bearer, doer(answer))
	made, err := client.Call(context.Background(), c, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: "tpl_1", Name: "CRM"})
	fmt.Println(made.ID, made.Status, err)
	// Output:
	// POST /v1/connections true
	// con_1 pending <nil>
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }
