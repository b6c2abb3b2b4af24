package infra

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/auth"
)

// addMachineClients declares the clients of programs, with the scopes that say for
// whom they act and what they may. They are where the pool is, so that their
// secrets outlive a deployment, and go when they are no longer asked for.
func (d *data) addMachineClients(p Props) {
	if len(p.UserPool.MachineClients) == 0 {
		return
	}
	tenants := map[string]string{}
	for _, m := range p.UserPool.MachineClients {
		tenants[m.Tenant] = "Act for the tenant " + m.Tenant + "."
	}
	scopes := map[string]string{}
	for _, scope := range auth.Scopes() {
		scopes[scope] = "The scope " + scope + " of the API."
	}
	servers := []awscognito.CfnUserPoolResourceServer{
		d.resourceServer("UserPoolScopes", auth.ScopeServer, scopes),
		d.resourceServer("UserPoolTenants", auth.TenantServer, tenants),
	}
	for _, m := range p.UserPool.MachineClients {
		granted := []string{auth.TenantServer + "/" + m.Tenant}
		for _, scope := range m.Scopes {
			granted = append(granted, auth.ScopeServer+"/"+scope)
		}
		client := awscognito.NewCfnUserPoolClient(d.stack, jsii.String("UserPoolClient"+logical(m.Name)), &awscognito.CfnUserPoolClientProps{
			UserPoolId: d.pool.users.Ref(), ClientName: jsii.String("tenon-" + p.Stage + "-" + m.Name),
			GenerateSecret:                  true,
			AllowedOAuthFlowsUserPoolClient: true,
			AllowedOAuthFlows:               jsii.Strings("client_credentials"),
			AllowedOAuthScopes:              jsii.Strings(granted...),
			ExplicitAuthFlows:               jsii.Strings("ALLOW_REFRESH_TOKEN_AUTH"),
			WriteAttributes:                 jsii.Strings("email"),
			EnableTokenRevocation:           true,
			PreventUserExistenceErrors:      jsii.String("ENABLED"),
			AccessTokenValidity:             jsii.Number(accessMinutes),
			TokenValidityUnits:              &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{AccessToken: jsii.String("minutes")},
		})
		for _, server := range servers {
			client.AddResourceDependency(server, nil)
		}
		d.pool.machines = append(d.pool.machines, client)
		output(d.stack, logical(m.Name)+"ClientId", "Client of "+m.Name+", which acts for "+m.Tenant+".", *client.Ref())
	}
}

// resourceServer declares one with its scopes by name.
func (d *data) resourceServer(id, name string, scopes map[string]string) awscognito.CfnUserPoolResourceServer {
	var all []any
	for _, scope := range slices.Sorted(maps.Keys(scopes)) {
		all = append(all, &awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
			ScopeName: &scope, ScopeDescription: jsii.String(scopes[scope]),
		})
	}
	return awscognito.NewCfnUserPoolResourceServer(d.stack, &id, &awscognito.CfnUserPoolResourceServerProps{
		UserPoolId: d.pool.users.Ref(), Identifier: &name, Name: &name, Scopes: all,
	})
}
