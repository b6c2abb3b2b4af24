// Package keys composes what works with tenants' keys and no secret store. It
// depends on packages kms, vault, app/tables and the domain.
package keys

import (
	"time"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Keys is the tables with the key service.
type Keys struct {
	*tables.Tables
	KMS    kms.Keys
	Signer kms.Signer
	Sealer *vault.Sealer
}

// New opens the stage's table and keys.
func New(e *app.Env) Keys {
	t := tables.New(e)
	client := awskms.NewFromConfig(t.AWS)
	owner := kms.Owner{Partition: e.Config.Partition(), Account: e.Config.Account(), Region: e.AWS.Region}
	k := kms.Keys{Client: client, Stage: e.Config.Stage, Owner: owner}
	sealer := &vault.Sealer{Keys: k, DataKeys: t.Tenants, Unusable: t.Tenancy().Suspend}
	return Keys{t, k, kms.Signer{Client: client, Stage: e.Config.Stage, Owner: owner}, sealer}
}

// Onboarding returns the tenants, able to create keys.
func (k Keys) Onboarding() *tenant.Service {
	s := k.Tenancy()
	s.Keys, s.SharedKey = k.KMS, k.Env.Config.TenantKey
	return s
}

// KeyMaking returns the signing keys, able to create keys.
func (k Keys) KeyMaking() *signing.Service {
	s := k.SigningKeys()
	s.Keys, s.Tenants, s.Idempotency = k.Signer, k.Tenants, k.Idempotency
	return s
}

// Handoff returns the handoff up to the provider's page.
func (k Keys) Handoff(events notify.Publisher) *connect.Service {
	s := k.Opener()
	s.Sealer, s.Events, s.Now = k.Sealer, events, time.Now
	return s
}
