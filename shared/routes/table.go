package routes

// All returns the rows that every deployment has, in the order the document shows them.
func All() []*Route { return routesOf(all()) }

// Optional returns the rows that only some deployments have, and that are not in
// All: user-pool-token runs where the stage has a user pool of its own.
func Optional() []*Route { return routesOf(optional()) }

// Operations returns the rows that serve HTTP.
func Operations() []*Route { return filter((*Route).IsOperation) }

// Jobs returns the rows that run by the clock.
func Jobs() []*Route { return filter((*Route).IsJob) }

// Consumers returns the rows that work off queues.
func Consumers() []*Route { return filter((*Route).IsConsumer) }

// Workers returns the rows that other functions invoke.
func Workers() []*Route { return filter((*Route).IsWorker) }

func filter(keep func(*Route) bool) []*Route {
	var kept []*Route
	for _, r := range All() {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func all() []row {
	return []row{
		ConnectorList, ConnectorGet, ConnectorPut, ConnectorDelete, SunsetList, ExpirationList,
		TemplateCreate, TemplateList, TemplateGet, TemplateUpdate, TemplateDelete,
		TemplateExport, TemplateImport,
		TestCredentialsPut,
		ConnectionCreate, ConnectionImport, ConnectionList, ConnectionSummary, ConnectionGet,
		ConnectionUpdate, ConnectionDelete, ConnectionAuthorize, ConnectionScopes,
		CredentialPut, CredentialPromote, CredentialDiscard, AccountList, AccountPut,
		ConnectionVerify, ConnectionDisable, ConnectionEnable, DependentList,
		ConnectionLease, ConnectionCalls, HealthRefresh,
		FlowPut, FlowList, FlowGet, FlowUpdate, FlowDelete,
		BindingPut, BindingCandidates, ConnectionRebind,
		BindingLease,
		OAuthStart, OAuthConfirm, OAuthCallback,
		ConnectSessionCreate, ConnectSessionGet, ConnectPage, ConnectSubmit, OAuthSessionComplete,
		BrowserSessionPut, BrowserSessionDelete,
		SettingsGet, SettingsPut,
		SigningKeyCreate, SigningKeyList, SigningKeyRetire, TenantJWKS, AWSTrustGet,
		WebhookEndpointCreate, WebhookEndpointList, WebhookEndpointGet, WebhookEndpointUpdate,
		WebhookEndpointDelete, WebhookEndpointRotate, WebhookEndpointTest, DeliveryList,
		TenantCreate, TenantGet, TenantList, TenantDelete, ProviderList, ProviderConfirm, AuditList, AuditExport, AuditIntegrity,
		KillSwitchCreate, KillSwitchList, KillSwitchGet, KillSwitchLift,
		EgressList, OpenapiGet, Healthz, Console,
		JobDueSweep, JobPendingExpiry, JobDevicePoll, JobOrphanSweep,
		QueueRefresh, QueueHealth, QueueStatus, QueueExpiry, QueueReconcile, QueueSeal, QueueTenancy,
		QueueNotify, QueueDelivery,
		ServerProbe,
	}
}

func optional() []row { return []row{UserPoolToken} }

func routesOf(rows []row) []*Route {
	routes := make([]*Route, 0, len(rows))
	for _, of := range rows {
		routes = append(routes, of.route())
	}
	return routes
}
