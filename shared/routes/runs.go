package routes

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// What runs of flows need: a credential by a binding, and test credentials.
var (
	BindingLease = operation[api.BindingLeaseRequest, api.Lease](Route{
		Name: "binding-lease", Method: "POST", Path: "/v1/flows/{flowId}/bindings/{slot}/lease", Scope: auth.ConnectionsLease,
		Grants: ConnectionLease.Grants,
		Memory: 256, Timeout: provider,
		Summary: "Hand out a fresh credential of what a binding of a flow names.",
	})
	TestCredentialsPut = operation[api.TestCredentialsPut, api.Connection](Route{
		Name: "test-credentials-put", Method: "PUT", Path: "/v1/templates/{templateId}/test-credentials", Scope: auth.TemplatesWrite,
		Grants:  CredentialPut.Grants,
		Timeout: provider,
		Summary: "Give a template the credential of its test runs, or replace it at once.",
	})
)
