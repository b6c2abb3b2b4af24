package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// provider is how long a function that calls a provider may take: one call has
// twelve seconds, and a refresh is not started with less than thirty left.
const provider = 45 * time.Second

// Connections and what is done with one.
var (
	ConnectionCreate = operation[api.ConnectionCreate, api.Connection](Route{
		Name: "connection-create", Method: "POST", Path: "/v1/connections", Scope: auth.ConnectionsWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, RoleAssume, Egress, ProbeInvoke},
		Timeout: provider,
		Summary: "Create a connection; a credential given with it is verified first.",
	})
	ConnectionImport = operation[api.ConnectionImport, api.ImportResults](Route{
		Name: "connection-import", Method: "POST", Path: "/v1/connections/import", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, RoleAssume, Egress, ProbeInvoke},
		Timeout: time.Minute, // What is begun late has time for a refresh and two calls; the gateway waits for half of it.
		Summary: "Import up to 25 connections of another system; each is verified before it is current, and safe to send again.",
	})
	ConnectionList = operation[api.ConnectionList, api.Connections](Route{
		Name: "connection-list", Method: "GET", Path: "/v1/connections", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the connections of the tenant.",
	})
	ConnectionSummary = operation[api.None, api.ConnectionSummary](Route{
		Name: "connection-summary", Method: "GET", Path: "/v1/connections/summary", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "Count the connections by connector and status.",
	})
	ConnectionGet = operation[api.ConnectionRef, api.Connection](Route{
		Name: "connection-get", Method: "GET", Path: "/v1/connections/{connectionId}", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return one connection.",
	})
	ConnectionUpdate = operation[api.ConnectionUpdate, api.Connection](Route{
		Name: "connection-update", Method: "PATCH", Path: "/v1/connections/{connectionId}", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Summary: "Rename, label or re-address a connection.",
	})
	ConnectionDelete = operation[api.ConnectionEnd, api.Deletion](Route{
		Name: "connection-delete", Method: "DELETE", Path: "/v1/connections/{connectionId}", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretDelete, EventPut, Egress},
		Timeout: provider,
		Summary: "Disconnect: refuse leases, revoke at the provider, destroy the credential.",
	})
	ConnectionAuthorize = operation[api.Authorize, api.Handoff](Route{
		Name: "connection-authorize", Method: "POST", Path: "/v1/connections/{connectionId}/authorize", Scope: auth.ConnectionsWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SecretRead, EventPut, Egress},
		Timeout: provider,
		Summary: "Start the OAuth handoff to connect or reconnect.",
	})
	ConnectionScopes = operation[api.ConnectionRef, api.ConnectionScopes](Route{
		Name: "connection-scopes", Method: "GET", Path: "/v1/connections/{connectionId}/scopes", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead},
		Summary: "Compare the scopes of a connection: available, asked for, granted, and needed by flows.",
	})
	CredentialPut = operation[api.CredentialPut, api.Connection](Route{
		Name: "credential-put", Method: "PUT", Path: "/v1/connections/{connectionId}/credential", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretNew, SecretPut, SecretLabel, SecretDelete, EventPut, RoleAssume, Egress, ProbeInvoke},
		Timeout: provider,
		Summary: "Replace the key or password after verifying the new one, or save one to be promoted later.",
	})
	CredentialPromote = operation[api.CredentialPromote, api.Connection](Route{
		Name: "credential-promote", Method: "POST", Path: "/v1/connections/{connectionId}/credential/promote", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretLabel, EventPut, RoleAssume, Egress, ProbeInvoke},
		Timeout: provider,
		Summary: "Verify the pending credential and make it current, or roll back to the previous one.",
	})
	CredentialDiscard = operation[api.CredentialDiscard, api.Connection](Route{
		Name: "credential-discard", Method: "POST", Path: "/v1/connections/{connectionId}/credential/discard", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, SecretLabel},
		Summary: "Drop the pending credential, or end the grace of the previous one.",
	})
	AccountList = operation[api.ConnectionRef, api.Accounts](Route{
		Name: "account-list", Method: "GET", Path: "/v1/connections/{connectionId}/accounts", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress},
		Timeout: provider,
		Summary: "List the accounts that the credential reaches, as the system does now.",
	})
	AccountPut = operation[api.AccountPut, api.Connection](Route{
		Name: "account-put", Method: "PUT", Path: "/v1/connections/{connectionId}/account", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress},
		Timeout: provider,
		Summary: "Choose one of the accounts that the credential reaches, or switch to another, after verifying it.",
	})
	ConnectionVerify = operation[api.ConnectionRef, api.Verification](Route{
		Name: "connection-verify", Method: "POST", Path: "/v1/connections/{connectionId}/verify", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress, ProbeInvoke},
		Timeout: provider,
		Summary: "Probe the account now and record the outcome.",
	})
	ConnectionDisable = operation[api.ConnectionEnd, api.Connection](Route{
		Name: "connection-disable", Method: "POST", Path: "/v1/connections/{connectionId}/disable", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Repairs: true,
		Summary: "Pause a connection: no lease, no check.",
	})
	ConnectionEnable = operation[api.ConnectionChange, api.Connection](Route{
		Name: "connection-enable", Method: "POST", Path: "/v1/connections/{connectionId}/enable", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Summary: "End the pause of a connection.",
	})
	DependentList = operation[api.DependentList, api.Dependents](Route{
		Name: "dependent-list", Method: "GET", Path: "/v1/connections/{connectionId}/dependents", Scope: auth.ConnectionsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the bindings of flows that use a connection.",
	})
	ConnectionLease = operation[api.LeaseRequest, api.Lease](Route{
		Name: "connection-lease", Method: "POST", Path: "/v1/connections/{connectionId}/lease", Scope: auth.ConnectionsLease,
		Grants: []Grant{TableRead, TableWrite, TenantKeyUse, SigningKey, SecretRead, SecretPut, SecretLabel, EventPut, RoleAssume, Egress},
		Memory: 256, Timeout: provider,
		Summary: "Hand out a fresh credential for a stated purpose.",
	})
	ConnectionCalls = operation[api.CallReport, api.CallReceipt](Route{
		Name: "connection-calls", Method: "POST", Path: "/v1/connections/{connectionId}/calls", Scope: auth.ConnectionsLease,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Report how calls with leased credentials went.",
	})
	HealthRefresh = operation[api.HealthRefresh, api.HealthRefreshed](Route{
		Name: "health-refresh", Method: "POST", Path: "/v1/health/refresh", Scope: auth.ConnectionsWrite,
		Grants:  []Grant{TableRead, TableWrite, EventPut},
		Timeout: provider,
		Summary: "Derive the status of connections now from how calls went, and check the accounts soon.",
	})
)
