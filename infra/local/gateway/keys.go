package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// KeySource returns the public keys of a token issuer.
type KeySource func(ctx context.Context, issuer string) (*jose.JSONWebKeySet, error)

// DiscoverKeys is the KeySource that reads the issuer's OpenID configuration
// and the key set it names.
// https://openid.net/specs/openid-connect-discovery-1_0.html
func DiscoverKeys(ctx context.Context, issuer string) (*jose.JSONWebKeySet, error) {
	var configuration struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if err := fetchJSON(ctx, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &configuration); err != nil {
		return nil, err
	}
	keys := new(jose.JSONWebKeySet)
	if err := fetchJSON(ctx, configuration.JWKSURI, keys); err != nil {
		return nil, err
	}
	return keys, nil
}

const (
	keyLifetime  = 2 * time.Hour   // as long as API Gateway may keep keys
	keyRefetch   = 5 * time.Second // at most this often for an unknown key
	keyFetchTime = 5 * time.Second
)

// keyCache keeps each issuer's keys and asks again for a key it does not know.
type keyCache struct {
	source KeySource
	now    func() time.Time

	mu   sync.Mutex
	sets map[string]cachedKeys
}

type cachedKeys struct {
	keys    *jose.JSONWebKeySet
	fetched time.Time
}

func newKeyCache(source KeySource, now func() time.Time) *keyCache {
	if source == nil {
		source = DiscoverKeys
	}
	return &keyCache{source: source, now: now, sets: map[string]cachedKeys{}}
}

// find returns the one key of the issuer with this identifier. The lock is
// held while fetching, so that many requests cause one fetch.
func (c *keyCache) find(ctx context.Context, issuer, id string) (*jose.JSONWebKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	set, ok := c.sets[issuer]
	age := c.now().Sub(set.fetched)
	if !ok || age > keyLifetime || age > keyRefetch && len(set.keys.Key(id)) == 0 {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keyFetchTime)
		defer cancel()
		keys, err := c.source(ctx, issuer)
		if err != nil {
			return nil, errors.New("the keys of the issuer cannot be read")
		}
		set = cachedKeys{keys: keys, fetched: c.now()}
		c.sets[issuer] = set
	}
	found := set.keys.Key(id)
	if id == "" || len(found) != 1 || !found[0].IsPublic() {
		return nil, errors.New("the token is signed with an unknown key")
	}
	return &found[0], nil
}

func fetchJSON(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", url, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", url, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("fetch %s: %s", url, res.Status)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(into); err != nil {
		return fmt.Errorf("decode %s: %w", url, err)
	}
	return nil
}
