package simulate

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// keys are the data keys of the tenants and the key service: a key is made of the
// tenant's name.
type keys struct{ *environment }

// tenantSize is about what the item of a tenant takes.
const tenantSize = 500

// DataKey implements vault.DataKeys.
func (k keys) DataKey(_ context.Context, tenant string) (vault.WrappedKey, error) {
	k.spend(readTime)
	k.read(getItem, tenantSize, true)
	return vault.WrappedKey{KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/" + tenant, Version: 1, Blob: []byte(tenant)}, nil
}

// NewDataKey implements vault.Keys. Nobody asks for one here.
func (keys) NewDataKey(context.Context, string, map[string]string) (secret.Bytes, []byte, error) {
	return secret.Bytes{}, nil, fault.New(fault.Unavailable, fault.CodeRetryLater, "No key is made in a simulation.")
}

// Unwrap implements vault.Keys.
func (k keys) Unwrap(_ context.Context, _ string, wrapped []byte, _ map[string]string) (secret.Bytes, error) {
	k.spend(keyTime)
	k.calls[keyUse]++
	k.meters.add(keyUses, k.Now(), 1)
	key := sha256.Sum256(wrapped)
	return secret.New(key[:]), nil
}

// secretStore is the secret store of the world: what was never written is the
// material of the first grant.
type secretStore struct {
	mu      sync.Mutex
	written map[string][]secretVersion // By secret, the newest last.
}

type secretVersion struct {
	id    string
	value secret.Bytes
}

// keptVersions is how many are kept of each secret: the one in use is one of the
// last two.
const keptVersions = 2

// secrets are the store as an environment uses it. A read costs one use of the
// tenant's key, and so does a write.
type secrets struct {
	vault.Secrets
	*secretStore
	*environment
}

func (s secrets) reach(kind call, limited meter) {
	s.spend(secretTime)
	s.calls[kind]++
	s.meters.add(limited, s.Now(), 1)
}

// Get implements vault.Secrets.
func (s secrets) Get(_ context.Context, at vault.Locator) (secret.Bytes, error) {
	s.reach(getSecret, secretReads)
	s.calls[keyUse]++
	s.meters.add(keyUses, s.Now(), 1)
	s.secretStore.mu.Lock()
	versions := s.written[at.Secret]
	i := slices.IndexFunc(versions, func(v secretVersion) bool { return v.id == at.Version })
	s.secretStore.mu.Unlock()
	if i >= 0 {
		return versions[i].value, nil
	}
	tenant, resource := vault.SecretOwner(at.Secret)
	material := vault.Material{Tenant: tenant, Resource: resource, Epoch: 1}
	place, ok := placeOf(resource)
	switch {
	case strings.HasPrefix(resource, "tpl_"):
		material.Fields = map[string]secret.Bytes{"clientSecret": secret.FromString("client-secret")}
	case ok && at.Version == firstVersion(resource):
		material.RefreshToken = secret.FromString(refreshToken(place, 0))
	default:
		return secret.Bytes{}, fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "There is no such version.")
	}
	return material.Encode()
}

// firstVersion is the version that a connection begins with.
func firstVersion(id string) string { return vault.Token(id, "first") }

// Put implements vault.Secrets. Older versions but one are forgotten.
func (s secrets) Put(_ context.Context, name, token string, value secret.Bytes) (string, error) {
	s.reach(putSecret, secretWrites)
	s.calls[keyUse]++
	s.meters.add(keyUses, s.Now(), 1)
	s.secretStore.mu.Lock()
	defer s.secretStore.mu.Unlock()
	versions := append(slices.Clone(s.written[name]), secretVersion{token, value})
	s.written[name] = versions[max(len(versions)-keptVersions, 0):]
	return token, nil
}

// Promote implements vault.Secrets by the calls of the adapter: it moves the
// label of the current version, looks, and takes the pending label off.
func (s secrets) Promote(context.Context, string, string, string) error {
	s.reach(moveLabel, secretWrites)
	s.spend(secretTime)
	s.calls[describeSecret]++
	s.reach(moveLabel, secretWrites)
	return nil
}

// Retire implements vault.Secrets by the calls of the adapter: two labels are
// taken off. A promotion does so that another one overtook.
func (s secrets) Retire(context.Context, vault.Locator) error {
	s.reach(moveLabel, secretWrites)
	s.reach(moveLabel, secretWrites)
	return nil
}

// outageStore is what is known of the providers.
type outageStore struct {
	mu      sync.Mutex
	records map[string]outage.Record
}

// outages are the records as an environment uses them.
type outages struct {
	outage.Store
	*outageStore
	*environment
}

// outageSize is about what the record of a provider in trouble takes.
const outageSize = 300

// Get implements outage.Store.
func (o outages) Get(_ context.Context, provider string) (outage.Record, error) {
	o.spend(readTime)
	o.read(getItem, outageSize, true)
	o.outageStore.mu.Lock()
	defer o.outageStore.mu.Unlock()
	r := o.records[provider]
	r.Provider = provider
	return r, nil
}

// Update implements outage.Store.
func (o outages) Update(_ context.Context, provider string, change func(*outage.Record) error) (outage.Record, error) {
	o.spend(readTime)
	o.read(getItem, outageSize, true)
	o.outageStore.mu.Lock()
	defer o.outageStore.mu.Unlock()
	r := o.records[provider]
	r.Provider = provider
	if err := change(&r); err != nil {
		return outage.Record{}, err
	}
	r.Version++
	o.records[provider] = r
	o.spend(writeTime)
	o.write(putItem, outageSize, outageSize)
	return r, nil
}

// bus counts events and mails; of those that tell of a connection it keeps how
// many there were of each type.
type bus struct{ *environment }

// Publish implements notify.Publisher.
func (b bus) Publish(_ context.Context, e notify.Event) error {
	b.spend(eventTime)
	b.calls[putEvent]++
	b.world.told(e)
	return nil
}

// Send implements notify.Mailer.
func (b bus) Send(context.Context, notify.Mail) error {
	b.calls[sendMail]++
	return nil
}

// settings are those of every tenant: reminders are on.
type settings struct{ *environment }

// GetSettings implements expiry.SettingsReader.
func (s settings) GetSettings(context.Context, string) (tenant.Settings, error) {
	s.spend(readTime)
	s.read(getItem, tenantSize, true)
	return tenant.Settings{Reminders: true, Admins: []string{"admin@example.com"}}, nil
}

// templates are the templates of the world, which do not change.
type templates struct {
	template.Store
	*environment
}

// templateSize is about what a template takes.
const templateSize = 900

// Get implements template.Store.
func (t templates) Get(_ context.Context, _, id string) (template.Template, error) {
	t.spend(readTime)
	t.read(getItem, templateSize, true)
	found, ok := t.world.templates[id]
	if !ok {
		return template.Template{}, template.ErrNotFound
	}
	return found, nil
}
