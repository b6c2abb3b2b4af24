package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// longestWait bounds the wait for a token to expire.
const longestWait = 5 * time.Minute

func (d *demo) leaseToken(ctx context.Context) (string, error) {
	var err error
	d.lease, err = client.Call(ctx, d.tenant, routes.ConnectionLease, api.LeaseRequest{ConnectionID: d.connection.ID, Purpose: "show the demo"})
	if err != nil {
		return "", err
	}
	if d.lease.ExpiresAt == nil || d.lease.AccessToken == "" {
		return "", errors.New("the lease holds no token that expires")
	}
	return fmt.Sprintf("%s for %.0f s, version %d", d.headers(), d.lease.ExpiresAt.Sub(d.Now()).Seconds(), d.lease.CredentialVersion), nil
}

// headers shows the headers of the lease with their secrets cut.
func (d *demo) headers() string {
	var shown []string
	for name, value := range d.lease.Headers {
		shown = append(shown, name+": "+shortened(value))
	}
	slices.Sort(shown)
	return strings.Join(shown, ", ")
}

// wait lets the leased token expire, a dot for each second.
func (d *demo) wait(ctx context.Context) (string, error) {
	end := d.lease.ExpiresAt.Add(time.Second)
	left := end.Sub(d.Now())
	if left > longestWait {
		return "", fmt.Errorf("the token lives %.0f s more; start the environment with --token-seconds=60", left.Seconds())
	}
	for d.Now().Before(end) {
		if _, err := fmt.Fprint(d.out, "."); err != nil {
			return "", err
		}
		if err := d.Sleep(ctx, time.Second); err != nil {
			return "", err
		}
	}
	_, err := fmt.Fprintln(d.out)
	return fmt.Sprintf("%.0f s, the token has expired", left.Seconds()), err
}

// leaseAgain expects another token: this lease refreshed it, or the sweep did
// before it was asked for.
func (d *demo) leaseAgain(ctx context.Context) (string, error) {
	old := d.lease
	line, err := d.leaseToken(ctx)
	if err != nil {
		return "", err
	}
	if d.lease.AccessToken == old.AccessToken {
		return "", errors.New("the expired token was handed out again")
	}
	by := "refreshed by the sweep in the meantime"
	if d.lease.Refreshed {
		by = "refreshed by this lease"
	}
	return line + ", " + by, nil
}

// callCRM uses the lease for what a flow would.
func (d *demo) callCRM(ctx context.Context) (string, error) {
	status, text, err := d.contacts(ctx)
	if err != nil {
		return "", err
	}
	var answer struct {
		Contacts []struct {
			Name string `json:"name"`
		} `json:"contacts"`
	}
	if err := json.Unmarshal(text, &answer); status != http.StatusOK || err != nil {
		return "", fmt.Errorf("the demo CRM answered %d", status)
	}
	var names []string
	for _, c := range answer.Contacts {
		names = append(names, c.Name)
	}
	return fmt.Sprintf("GET /api/contacts: %d contacts (%s)", len(names), strings.Join(names, ", ")), nil
}

// callRefused expects that the token that was leased last is worth nothing.
func (d *demo) callRefused(ctx context.Context) (string, error) {
	status, _, err := d.contacts(ctx)
	if err != nil {
		return "", err
	}
	if status != http.StatusUnauthorized {
		return "", fmt.Errorf("the demo CRM still takes the token: it answered %d", status)
	}
	return "GET /api/contacts: 401, the leased token is worth nothing", nil
}

func (d *demo) contacts(ctx context.Context) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.lease.BaseURL+"/api/contacts", nil)
	if err != nil {
		return 0, nil, err
	}
	for name, value := range d.lease.Headers {
		req.Header.Set(name, value)
	}
	return d.exchange(req)
}

func (d *demo) status(ctx context.Context) (string, error) {
	var err error
	d.connection, err = client.Call(ctx, d.tenant, routes.ConnectionGet, api.ConnectionRef{ConnectionID: d.connection.ID})
	if err != nil {
		return "", err
	}
	if d.connection.Status != "active" {
		return "", fmt.Errorf("the connection is %s: %s", d.connection.Status, d.connection.Message)
	}
	return d.connection.Status + " since " + d.connection.Since.Local().Format("15:04:05"), nil
}

// audit shows who did what to the connection.
func (d *demo) audit(ctx context.Context) (string, error) {
	found, err := client.Call(ctx, d.tenant, routes.AuditList, api.AuditList{AuditFilter: api.AuditFilter{Resource: d.connection.ID}})
	if err != nil {
		return "", err
	}
	if len(found.Items) == 0 {
		return "", errors.New("nothing is recorded of the connection")
	}
	lines := fmt.Sprintf("%d records, newest first", len(found.Items))
	for _, e := range found.Items {
		lines += fmt.Sprintf("\n%12s%s  %-21s %-8s %s %s", "", e.At.Local().Format("15:04:05"), e.Action, e.Outcome, e.Actor, e.Reason)
	}
	return lines, nil
}
