package main

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// What the key service signs is verified by whoever reads the key set.
func TestTenantJWKS(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	signer := kms.Signer{Client: awskms.NewFromConfig(awstest.Config(cloud.New())), Stage: "test", Owner: kms.Owner{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}}
	keys := w.KeyMaking()
	keys.Keys = signer
	algorithms := []string{signing.RS256, signing.PS256, signing.ES256}
	for _, algorithm := range algorithms {
		if _, err := keys.Create(t.Context(), functionstest.Person(functionstest.Acme), signing.New{Algorithm: algorithm}); err != nil {
			t.Fatal(err)
		}
	}
	answer := webtest.New(t, routes.TenantJWKS, handle(w.SigningKeys())).Replay(functionstest.Event("tenant-jwks")).
		WantHeader("content-type", "application/jwk-set+json").WantHeader("cache-control", "public, max-age=300")
	var set jose.JSONWebKeySet
	answer.Decode(&set)
	if len(set.Keys) != len(algorithms) {
		t.Fatalf("got %d keys in %s", len(set.Keys), answer.Body)
	}
	for _, algorithm := range algorithms {
		key, err := w.SigningKeys().Find(t.Context(), functionstest.Acme, algorithm, "")
		if err != nil {
			t.Fatal(err)
		}
		published := set.Key(key.ID)
		if len(published) != 1 || !published[0].IsPublic() || !published[0].Valid() || published[0].Use != "sig" || published[0].Algorithm != algorithm {
			t.Fatalf("%s: got %+v", algorithm, published)
		}
		signed := encode(`{"alg":"`+algorithm+`","kid":"`+key.ID+`"}`) + "." + encode(`{"iss":"client"}`)
		signature, err := signer.Sign(t.Context(), key.ARN, algorithm, []byte(signed))
		if err != nil {
			t.Fatal(err)
		}
		jws, err := jose.ParseSignedCompact(signed+"."+encode(string(signature)), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)})
		if err != nil {
			t.Fatal(err)
		}
		if payload, err := jws.Verify(set); err != nil || string(payload) != `{"iss":"client"}` {
			t.Errorf("%s: got %s, %v", algorithm, payload, err)
		}
	}
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// A stranger cannot tell a tenant without keys from one that does not exist,
// and learns nothing but public halves.
func TestTenantJWKSTellsNothingElse(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Signing(functionstest.Acme, functionstest.SigningKey)
	h := webtest.New(t, routes.TenantJWKS, handle(w.SigningKeys()))
	event := functionstest.Event("tenant-jwks")
	of := func(tenant string) webtest.Answer {
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"tenantId": tenant} }).Replay(event)
	}
	if none, nobody := of(functionstest.Globex), of("nobody"); none.Body != `{"keys":[]}` || none.Body != nobody.Body || none.StatusCode != nobody.StatusCode {
		t.Errorf("got %d %s and %d %s", none.StatusCode, none.Body, nobody.StatusCode, nobody.Body)
	}
	var set struct{ Keys []map[string]any }
	of(functionstest.Acme).Decode(&set)
	members, err := json.Marshal(names(set.Keys[0]))
	if want := `{"alg":1,"crv":1,"kid":1,"kty":1,"use":1,"x":1,"y":1}`; err != nil || string(members) != want {
		t.Errorf("got members %s, want %s", members, want)
	}
}

func names(members map[string]any) map[string]int {
	out := map[string]int{}
	for name := range members {
		out[name] = 1
	}
	return out
}

// A retired key stays for a day, for what it signed.
func TestTenantJWKSAfterRetirement(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Signing(functionstest.Acme, functionstest.SigningKey)
	if err := w.SigningKeys().Retire(t.Context(), functionstest.Person(functionstest.Acme), functionstest.SigningKey); err != nil {
		t.Fatal(err)
	}
	h := webtest.New(t, routes.TenantJWKS, handle(w.SigningKeys()))
	for after, want := range map[time.Duration]int{0: 1, 24*time.Hour - time.Second: 1, 24 * time.Hour: 0} {
		w.At(functionstest.Now.Add(after))
		var set jose.JSONWebKeySet
		h.Replay(functionstest.Event("tenant-jwks")).Decode(&set)
		if len(set.Keys) != want {
			t.Errorf("%s after: got %d keys, want %d", after, len(set.Keys), want)
		}
	}
}
