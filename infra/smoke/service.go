package smoke

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/openapi"
	"github.com/tenonhq/tenon/shared/routes"
)

// health asks whether the stage answers at all.
func (s *smoke) health(ctx context.Context) (string, error) {
	h, err := client.Call(ctx, s.organization, routes.Healthz, api.None{})
	if err != nil {
		return "", err
	}
	if h.Status != "ok" {
		return "", fmt.Errorf("the stage says that it is %q", h.Status)
	}
	return "stage " + h.Stage + " answers", nil
}

// version compares the description of the API with the one of these sources.
func (s *smoke) version(ctx context.Context) (string, error) {
	got, err := client.Call(ctx, s.organization, routes.OpenapiGet, api.None{})
	if err != nil {
		return "", err
	}
	var want map[string]any
	if err := json.Unmarshal(openapi.JSON, &want); err != nil {
		return "", fmt.Errorf("read the description of these sources: %w", err)
	}
	if !reflect.DeepEqual(got, want) {
		return "", errors.New("the stage describes another API than these sources: run it from what was deployed")
	}
	paths, _ := got["paths"].(map[string]any)
	return fmt.Sprintf("the API is the one of these sources, with %d paths", len(paths)), nil
}

// noToken makes sure that the authorizer stands before the functions.
func (s *smoke) noToken(ctx context.Context) (string, error) {
	for token, name := range map[string]string{"": "no token", "Bearer invalid": "an invalid token"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+routes.ConnectionList.Path, nil)
		if err != nil {
			return "", err
		}
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		res, err := s.HTTP.Do(r)
		if err != nil {
			return "", err
		}
		if err := res.Body.Close(); err != nil {
			return "", err
		}
		if res.StatusCode != http.StatusUnauthorized {
			return "", fmt.Errorf("a request with %s was answered %d, want 401", name, res.StatusCode)
		}
	}
	return "refused with 401, and so is an invalid one", nil
}

// createTenant makes the tenant, or goes on with the one of the run before.
func (s *smoke) createTenant(ctx context.Context) (string, error) {
	s.made = true
	t, err := client.Call(ctx, s.organization, routes.TenantGet, api.TenantRef{TenantID: tenantID})
	known := err == nil
	if status(err) == http.StatusNotFound || known && t.State == "provisioning" {
		t, err = client.Call(ctx, s.organization, routes.TenantCreate, api.TenantCreate{ID: tenantID, Name: "Smoke test"})
	}
	if err != nil {
		return "", err
	}
	if t.State != "ready" {
		return "", fmt.Errorf("tenant %s is %s", t.ID, t.State)
	}
	if known {
		return t.ID + " is there already", nil
	}
	return t.ID + " is ready with a key of its own", nil
}

// isolation asks for the connection as another tenant: the organization itself,
// and one that does not exist.
func (s *smoke) isolation(ctx context.Context) (string, error) {
	ref := api.ConnectionRef{ConnectionID: s.connection.ID}
	_, err := client.Call(ctx, s.organization, routes.ConnectionGet, ref)
	if status(err) != http.StatusNotFound {
		return "", fmt.Errorf("another tenant asked for the connection: want 404, got %w", unexpected(err))
	}
	_, err = client.Call(ctx, s.organization, routes.ConnectionLease, api.LeaseRequest{ConnectionID: s.connection.ID, Purpose: "Smoke test of the isolation"})
	if status(err) != http.StatusNotFound {
		return "", fmt.Errorf("another tenant asked for a lease: want 404, got %w", unexpected(err))
	}
	return "another tenant finds no such connection", nil
}

// status is that of an answer, 200 for none that is an error, and 0 where there
// was no answer.
func status(err error) int {
	var problem *client.Problem
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &problem):
		return problem.Status
	}
	return 0
}

// unexpected is the error, or says that there was none.
func unexpected(err error) error {
	if err == nil {
		return errors.New("an answer")
	}
	return err
}
