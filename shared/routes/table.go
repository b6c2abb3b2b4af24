package routes

// All returns the rows that every deployment has, in the order the document shows them.
func All() []*Route {
	return []*Route{
		ConnectorList.Route, ConnectorGet.Route, ConnectorPut.Route, ConnectorDelete.Route, SunsetList.Route, ExpirationList.Route,
		TemplateCreate.Route, TemplateList.Route, TemplateGet.Route, TemplateUpdate.Route, TemplateDelete.Route,
		TemplateExport.Route, TemplateImport.Route,
		TestCredentialsPut.Route,
		ConnectionCreate.Route, ConnectionImport.Route, ConnectionList.Route, ConnectionSummary.Route, ConnectionGet.Route,
		ConnectionUpdate.Route, ConnectionDelete.Route, ConnectionAuthorize.Route, ConnectionScopes.Route,
		CredentialPut.Route, CredentialPromote.Route, CredentialDiscard.Route, AccountList.Route, AccountPut.Route,
		ConnectionVerify.Route, ConnectionDisable.Route, ConnectionEnable.Route, DependentList.Route,
		ConnectionLease.Route, ConnectionCalls.Route, HealthRefresh.Route,
		FlowPut.Route, FlowList.Route, FlowGet.Route, FlowUpdate.Route, FlowDelete.Route,
		BindingPut.Route, BindingCandidates.Route, ConnectionRebind.Route,
		BindingLease.Route,
		OAuthStart.Route, OAuthConfirm.Route, OAuthCallback.Route,
		ConnectSessionCreate.Route, ConnectSessionGet.Route, ConnectPage.Route, ConnectSubmit.Route, OAuthSessionComplete.Route,
		BrowserSessionPut.Route, BrowserSessionDelete.Route,
		SettingsGet.Route, SettingsPut.Route,
		SigningKeyCreate.Route, SigningKeyList.Route, SigningKeyRetire.Route, TenantJWKS.Route, AWSTrustGet.Route,
		WebhookEndpointCreate.Route, WebhookEndpointList.Route, WebhookEndpointGet.Route, WebhookEndpointUpdate.Route,
		WebhookEndpointDelete.Route, WebhookEndpointRotate.Route, WebhookEndpointTest.Route, DeliveryList.Route,
		TenantCreate.Route, TenantGet.Route, TenantList.Route, TenantDelete.Route, ProviderList.Route, ProviderConfirm.Route, AuditList.Route, AuditExport.Route, AuditIntegrity.Route,
		KillSwitchCreate.Route, KillSwitchList.Route, KillSwitchGet.Route, KillSwitchLift.Route,
		EgressList.Route, OpenapiGet.Route, Healthz.Route, Console.Route,
		JobDueSweep.Route, JobPendingExpiry.Route, JobDevicePoll.Route, JobOrphanSweep.Route,
		QueueRefresh.Route, QueueHealth.Route, QueueStatus.Route, QueueExpiry.Route, QueueReconcile.Route, QueueSeal.Route, QueueTenancy.Route,
		QueueNotify.Route, QueueDelivery.Route,
		ServerProbe.Route,
	}
}

// Optional returns the rows that only some deployments have, and that are not in
// All: user-pool-token runs where the stage has a user pool of its own.
func Optional() []*Route { return []*Route{UserPoolToken.Route} }

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
