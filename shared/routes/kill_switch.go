package routes

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// Kill switches: one cuts off a tenant, a connector of all tenants, or the stage.
var (
	KillSwitchCreate = operation[api.KillSwitchCreate, api.KillSwitch](Route{
		Name: "kill-switch-create", Method: "POST", Path: "/v1/kill-switches", Scope: auth.TenantsAdmin, Status: 202,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Refuse every lease of a tenant, a connector or the stage, and revoke its credentials.",
	})
	KillSwitchList = operation[api.KillSwitchList, api.KillSwitches](Route{
		Name: "kill-switch-list", Method: "GET", Path: "/v1/kill-switches", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List the kill switches.",
	})
	KillSwitchGet = operation[api.KillSwitchRef, api.KillSwitch](Route{
		Name: "kill-switch-get", Method: "GET", Path: "/v1/kill-switches/{killSwitchId}", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead},
		Summary: "Return one kill switch and how far it is carried out.",
	})
	KillSwitchLift = operation[api.KillSwitchRef, api.KillSwitch](Route{
		Name: "kill-switch-lift", Method: "POST", Path: "/v1/kill-switches/{killSwitchId}/lift", Scope: auth.TenantsAdmin,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Let what was cut off be reconnected; no credential comes back.",
	})
)
