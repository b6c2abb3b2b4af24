package audit

import "github.com/tenonhq/tenon/shared/auth"

// Action names what a caller asks for. The words are those of the API.
type Action string

// The actions.
const (
	ConnectorRead       Action = "connector.read"
	ConnectorPut        Action = "connector.put"
	ConnectorDelete     Action = "connector.delete"
	SunsetRead          Action = "sunset.read"
	ExpirationRead      Action = "expiration.read"
	ConnectionRead      Action = "connection.read"
	ConnectionCreate    Action = "connection.create"
	ConnectionUpdate    Action = "connection.update"
	ConnectionDelete    Action = "connection.delete"
	ConnectionAuthorize Action = "connection.authorize"
	ConnectionConnect   Action = "connection.connect"
	CredentialPut       Action = "connection.credential.put"
	CredentialPromote   Action = "connection.credential.promote"
	CredentialDiscard   Action = "connection.credential.discard"
	AccountList         Action = "connection.account.list"
	AccountPut          Action = "connection.account.put"
	ConnectionVerify    Action = "connection.verify"
	ConnectionDisable   Action = "connection.disable"
	ConnectionEnable    Action = "connection.enable"
	ConnectionLease     Action = "connection.lease"
	ConnectionRefresh   Action = "connection.refresh"
	ConnectionReport    Action = "connection.report"
	HealthRefresh       Action = "health.refresh"
	TemplateRead        Action = "template.read"
	TemplateCreate      Action = "template.create"
	TemplateUpdate      Action = "template.update"
	TemplateDelete      Action = "template.delete"
	TemplateImport      Action = "template.import"
	TestCredentialPut   Action = "template.test_credential.put"
	FlowRead            Action = "flow.read"
	FlowPut             Action = "flow.put"
	FlowUpdate          Action = "flow.update"
	FlowDelete          Action = "flow.delete"
	FlowBind            Action = "flow.bind"
	FlowRebind          Action = "flow.rebind"
	SettingsRead        Action = "settings.read"
	SettingsPut         Action = "settings.put"
	SigningKeyRead      Action = "signing-key.read"
	SigningKeyCreate    Action = "signing-key.create"
	SigningKeyRetire    Action = "signing-key.retire"
	AWSTrustRead        Action = "aws_trust.read"
	EgressRead          Action = "egress.read"
	TenantRead          Action = "tenant.read"
	TenantCreate        Action = "tenant.create"
	TenantDelete        Action = "tenant.delete"
	TenantKeyEnd        Action = "tenant.key.end"
	TenantSuspend       Action = "tenant.suspend"
	TenantResume        Action = "tenant.resume"
	ProviderRead        Action = "provider.read"
	ProviderConfirm     Action = "provider.confirm"
	KillSwitchRead      Action = "killswitch.read"
	KillSwitchCreate    Action = "killswitch.create"
	KillSwitchLift      Action = "killswitch.lift"
	Read                Action = "audit.read"
	Export              Action = "audit.export"

	ConnectSessionRead     Action = "connect_session.read"
	ConnectSessionCreate   Action = "connect_session.create"
	ConnectSessionOpen     Action = "connect_session.open" // By the end user, whose browser it binds.
	ConnectSessionComplete Action = "connect_session.complete"
	BrowserSessionPut      Action = "browser_session.put"
	BrowserSessionDelete   Action = "browser_session.delete"

	WebhookEndpointRead    Action = "webhook_endpoint.read"
	WebhookEndpointCreate  Action = "webhook_endpoint.create"
	WebhookEndpointUpdate  Action = "webhook_endpoint.update"
	WebhookEndpointDelete  Action = "webhook_endpoint.delete"
	WebhookEndpointRotate  Action = "webhook_endpoint.rotate"
	WebhookEndpointTest    Action = "webhook_endpoint.test"
	WebhookEndpointDisable Action = "webhook_endpoint.disable" // By the service, when one is dead.
)

// rule says which scope an action needs and whether it is recorded. Reading
// metadata is not recorded; everything that changes something or lets a secret
// out is. Reports of calls are facts about calls, not changes by a person.
type rule struct {
	scope  string
	record bool
}

var rules = map[Action]rule{
	ConnectorRead:       {auth.ConnectionsRead, false},
	ConnectorPut:        {auth.TenantsAdmin, true},
	ConnectorDelete:     {auth.TenantsAdmin, true},
	SunsetRead:          {auth.ConnectionsRead, false},
	ExpirationRead:      {auth.ConnectionsRead, false},
	ConnectionRead:      {auth.ConnectionsRead, false},
	ConnectionCreate:    {auth.ConnectionsWrite, true},
	ConnectionUpdate:    {auth.ConnectionsWrite, true},
	ConnectionDelete:    {auth.ConnectionsWrite, true},
	ConnectionAuthorize: {auth.ConnectionsWrite, true},
	ConnectionConnect:   {auth.ConnectionsWrite, true},
	CredentialPut:       {auth.ConnectionsWrite, true},
	CredentialPromote:   {auth.ConnectionsWrite, true},
	CredentialDiscard:   {auth.ConnectionsWrite, true},
	AccountList:         {auth.ConnectionsWrite, true},
	AccountPut:          {auth.ConnectionsWrite, true},
	ConnectionVerify:    {auth.ConnectionsWrite, true},
	ConnectionDisable:   {auth.ConnectionsWrite, true},
	ConnectionEnable:    {auth.ConnectionsWrite, true},
	ConnectionLease:     {auth.ConnectionsLease, true},
	ConnectionRefresh:   {auth.ConnectionsLease, true},
	ConnectionReport:    {auth.ConnectionsLease, false},
	HealthRefresh:       {auth.ConnectionsWrite, true},
	TemplateRead:        {auth.TemplatesRead, false},
	TemplateCreate:      {auth.TemplatesWrite, true},
	TemplateUpdate:      {auth.TemplatesWrite, true},
	TemplateDelete:      {auth.TemplatesWrite, true},
	TemplateImport:      {auth.TemplatesWrite, true},
	TestCredentialPut:   {auth.TemplatesWrite, true},
	FlowRead:            {auth.FlowsRead, false},
	FlowPut:             {auth.FlowsWrite, true},
	FlowUpdate:          {auth.FlowsWrite, true},
	FlowDelete:          {auth.FlowsWrite, true},
	FlowBind:            {auth.FlowsWrite, true},
	FlowRebind:          {auth.FlowsWrite, true},
	SettingsRead:        {auth.SettingsRead, false},
	SettingsPut:         {auth.SettingsWrite, true},
	SigningKeyRead:      {auth.SettingsRead, false},
	SigningKeyCreate:    {auth.SettingsWrite, true},
	SigningKeyRetire:    {auth.SettingsWrite, true},
	AWSTrustRead:        {auth.ConnectionsWrite, false},
	EgressRead:          {auth.ConnectionsRead, false},
	TenantRead:          {auth.TenantsAdmin, false},
	TenantCreate:        {auth.TenantsAdmin, true},
	TenantDelete:        {auth.TenantsAdmin, true},
	TenantKeyEnd:        {auth.TenantsAdmin, true},
	TenantSuspend:       {auth.TenantsAdmin, true},
	TenantResume:        {auth.TenantsAdmin, true},
	ProviderRead:        {auth.TenantsAdmin, false},
	ProviderConfirm:     {auth.TenantsAdmin, true},
	KillSwitchRead:      {auth.TenantsAdmin, false},
	KillSwitchCreate:    {auth.TenantsAdmin, true},
	KillSwitchLift:      {auth.TenantsAdmin, true},
	Read:                {auth.AuditRead, false},
	Export:              {auth.AuditRead, true},

	ConnectSessionRead:     {auth.ConnectionsRead, false},
	ConnectSessionCreate:   {auth.ConnectionsWrite, true},
	ConnectSessionOpen:     {auth.ConnectionsWrite, true},
	ConnectSessionComplete: {auth.ConnectionsWrite, true},
	BrowserSessionPut:      {auth.ConnectionsRead, true},
	BrowserSessionDelete:   {auth.ConnectionsRead, true},

	WebhookEndpointRead:    {auth.SettingsRead, false},
	WebhookEndpointCreate:  {auth.SettingsWrite, true},
	WebhookEndpointUpdate:  {auth.SettingsWrite, true},
	WebhookEndpointDelete:  {auth.SettingsWrite, true},
	WebhookEndpointRotate:  {auth.SettingsWrite, true},
	WebhookEndpointTest:    {auth.SettingsWrite, true},
	WebhookEndpointDisable: {auth.SettingsWrite, true},
}
