package dynamo

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/signing"
)

// SigningKeys is the signing.Store.
type SigningKeys struct{ Table }

func signingKey(tenant, id string) key { return key{PK: tenant + "#signing-key", SK: id} }

// signingKeyItem is a signing key as it is stored.
type signingKeyItem struct {
	key
	dueTimes
	ledgerItem
	Version     int64         `dynamodbav:"v"`
	Tenant      string        `dynamodbav:"tenant"`
	ID          string        `dynamodbav:"id"`
	Algorithm   string        `dynamodbav:"algorithm"`
	Size        int           `dynamodbav:"size"`
	Days        int           `dynamodbav:"days"`
	State       signing.State `dynamodbav:"state"`
	ARN         string        `dynamodbav:"arn,omitempty"`
	PublicKey   []byte        `dynamodbav:"publicKey,omitempty"`
	Certificate []byte        `dynamodbav:"certificate,omitempty"`
	CreatedAt   time.Time     `dynamodbav:"createdAt,omitempty"`
	CreatedBy   string        `dynamodbav:"createdBy,omitempty"`
	ExpiresAt   time.Time     `dynamodbav:"expiresAt,omitempty"`
	RetiredAt   time.Time     `dynamodbav:"retiredAt,omitempty"`
}

// Create implements signing.Store.
func (s SigningKeys) Create(ctx context.Context, k signing.Key) error {
	k.Version = 1
	_, err := s.put(ctx, newSigningKeyItem(k), absent())
	if errors.Is(err, errRefused) {
		return signing.ErrExists
	}
	return err
}

// Get implements signing.Store.
func (s SigningKeys) Get(ctx context.Context, tenant, id string) (signing.Key, error) {
	var item signingKeyItem
	found, err := s.get(ctx, signingKey(tenant, id), &item)
	if err != nil {
		return signing.Key{}, err
	}
	if !found {
		return signing.Key{}, signing.ErrNotFound
	}
	return item.record(), nil
}

// List implements signing.Store.
func (s SigningKeys) List(ctx context.Context, tenant string) ([]signing.Key, error) {
	found, _, err := list(ctx, s.Table, partition(signingKey(tenant, "").PK, ""), math.MaxInt16, signingKeyItem.record)
	return found, err
}

// Update implements signing.Store.
func (s SigningKeys) Update(ctx context.Context, tenant, id string, change func(*signing.Key) error) (signing.Key, error) {
	var k signing.Key
	err := again(ctx, func() (err error) {
		if k, err = s.Get(ctx, tenant, id); err != nil {
			return err
		}
		seen := k.Version
		if err := change(&k); err != nil {
			return err
		}
		k.Tenant, k.ID, k.Version = tenant, id, seen+1
		_, err = s.put(ctx, newSigningKeyItem(k), unchanged(seen))
		return err
	})
	if err != nil {
		return signing.Key{}, err
	}
	return k, nil
}

func newSigningKeyItem(k signing.Key) signingKeyItem {
	return signingKeyItem{
		key: signingKey(k.Tenant, k.ID), dueTimes: newDue(k.ID, connection.Due{Expiry: k.ExpiryDue}), ledgerItem: newLedgerItem(expiry.SigningKeyPlace(k)),
		Version: k.Version, Tenant: k.Tenant, ID: k.ID, Algorithm: k.Algorithm, Size: k.Size, Days: k.Days,
		State: k.State, ARN: k.ARN, PublicKey: k.PublicKey, Certificate: k.Certificate,
		CreatedAt: k.CreatedAt, CreatedBy: k.CreatedBy, ExpiresAt: k.ExpiresAt, RetiredAt: k.RetiredAt,
	}
}

func (item signingKeyItem) record() signing.Key {
	return signing.Key{
		Tenant: item.Tenant, ID: item.ID, Version: item.Version, Algorithm: item.Algorithm, Size: item.Size, Days: item.Days,
		State: item.State, ARN: item.ARN, PublicKey: item.PublicKey, Certificate: item.Certificate,
		CreatedAt: item.CreatedAt, CreatedBy: item.CreatedBy, ExpiresAt: item.ExpiresAt, RetiredAt: item.RetiredAt, ExpiryDue: item.ExpiryDue,
	}
}
