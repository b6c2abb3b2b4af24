package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// Flows and their bindings.
var (
	FlowPut = operation[api.FlowPut, api.Flow](Route{
		Name: "flow-put", Method: "PUT", Path: "/v1/flows/{flowId}", Scope: auth.FlowsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Register a flow with its bindings, or replace it.",
	})
	FlowList = operation[api.FlowList, api.Flows](Route{
		Name: "flow-list", Method: "GET", Path: "/v1/flows", Scope: auth.FlowsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the flows of the tenant.",
	})
	FlowGet = operation[api.FlowRef, api.Flow](Route{
		Name: "flow-get", Method: "GET", Path: "/v1/flows/{flowId}", Scope: auth.FlowsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return one flow with the status of what its bindings name.",
	})
	FlowUpdate = operation[api.FlowUpdate, api.Flow](Route{
		Name: "flow-update", Method: "PATCH", Path: "/v1/flows/{flowId}", Scope: auth.FlowsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Rename, pause or activate a flow.",
	})
	FlowDelete = operation[api.FlowChange, api.None](Route{
		Name: "flow-delete", Method: "DELETE", Path: "/v1/flows/{flowId}", Scope: auth.FlowsWrite, Status: 204,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Delete a flow; its connections stay.",
	})
	BindingPut = operation[api.BindingChange, api.Flow](Route{
		Name: "binding-put", Method: "PUT", Path: "/v1/flows/{flowId}/bindings/{slot}", Scope: auth.FlowsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Switch one binding of a flow to another connection.",
	})
	BindingCandidates = operation[api.CandidateList, api.Candidates](Route{
		Name: "binding-candidates", Method: "GET", Path: "/v1/flows/{flowId}/bindings/{slot}/candidates", Scope: auth.FlowsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the connections a binding could name, and why others do not fit.",
	})
	ConnectionRebind = operation[api.Rebind, api.Rebound](Route{
		Name: "connection-rebind", Method: "POST", Path: "/v1/connections/{connectionId}/rebind", Scope: auth.FlowsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Timeout: 29 * time.Second,
		Across:  true, // The organization moves the flows of all tenants.
		Summary: "Switch every binding that names a connection to another one, flow by flow.",
	})
)
