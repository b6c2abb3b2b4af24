package vaulttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// SecretStore is a secret store under test, empty at first, of stage "test".
type SecretStore struct {
	Secrets vault.Secrets
	KeyARN  string // A usable key.
	// Disable makes that key unusable.
	Disable func(t *testing.T)
	// Labels returns the labels of every labelled version, sorted.
	Labels func(t *testing.T, name string) map[string][]string
}

// RunSecrets is the contract of vault.Secrets.
func RunSecrets(t *testing.T, store func(*testing.T) SecretStore, known Differences) {
	on := func(test func(*testing.T, SecretStore)) func(*testing.T) {
		return func(t *testing.T) { test(t, store(t)) }
	}
	known.run(t, map[string]func(*testing.T){
		"a created secret is current":                         on(testCreate),
		"a repeated create is one version":                    on(testCreateTwice),
		"a secret left behind gets the new value":             on(testLeftBehind),
		"a put version is pending":                            on(testPut),
		"a repeated put is one version":                       on(testPutTwice),
		"a promoted version is current":                       on(testPromote),
		"a repeated promotion changes nothing":                on(testPromoteTwice),
		"a promotion from a superseded version is a conflict": on(testPromoteConflict),
		"a promotion from whichever version is current":       on(testPromoteOverAny),
		"every version stays readable by its id":              on(testGetByID),
		"a retired version has no label":                      on(testRetire),
		"a retired pending version has no label":              on(testRetirePending),
		"the current version cannot be retired":               on(testRetireCurrent),
		"retiring what is gone is no error":                   on(testRetireGone),
		"a deleted secret is unavailable":                     on(testDelete),
		"deleting what is absent is no error":                 on(testDeleteAbsent),
		"an absent version is unavailable":                    on(testAbsentVersion),
		"a disabled key makes the secret unavailable":         on(testDisabledSecretKey),
	})
}

// name is one of the form the contract asks for.
const name = "tenon/test/acme/con_1/r4nd0m"

func token(n int) string { return vault.Token("test", fmt.Sprint(n)) }

func value(n int) secret.Bytes { return secret.FromString(fmt.Sprintf("s3cret-value-%d", n)) }

func (s SecretStore) create(t *testing.T) string {
	t.Helper()
	version, err := s.Secrets.Create(t.Context(), name, s.KeyARN, token(1), value(1))
	must(t, err)
	return version
}

func (s SecretStore) put(t *testing.T, n int) string {
	t.Helper()
	version, err := s.Secrets.Put(t.Context(), name, token(n), value(n))
	must(t, err)
	return version
}

func (s SecretStore) promote(t *testing.T, version, from string) {
	t.Helper()
	must(t, s.Secrets.Promote(t.Context(), name, version, from))
}

func (s SecretStore) wantValue(t *testing.T, version string, n int) {
	t.Helper()
	got, err := s.Secrets.Get(t.Context(), vault.Locator{Secret: name, Version: version})
	must(t, err)
	if !got.Equal(value(n)) {
		t.Errorf("version %d has another value", n)
	}
}

func (s SecretStore) wantLabels(t *testing.T, want map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(want, s.Labels(t, name)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// wantQuiet checks that an error does not hold a secret.
func wantQuiet(t *testing.T, err error, value secret.Bytes) {
	t.Helper()
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), value.Reveal()) {
		t.Error("the error holds the secret")
	}
}

func testCreate(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	s.wantValue(t, v1, 1)
	s.wantLabels(t, map[string][]string{v1: {current}})
}

func testCreateTwice(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	if again := s.create(t); again != v1 {
		t.Errorf("the repeated call made version %s beside %s", again, v1)
	}
	s.wantLabels(t, map[string][]string{v1: {current}})
}

func testLeftBehind(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2, err := s.Secrets.Create(t.Context(), name, s.KeyARN, token(2), value(2))
	must(t, err)
	s.wantValue(t, v2, 2)
	s.wantLabels(t, map[string][]string{v2: {current}, v1: {previous}})
}

func testPut(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.wantValue(t, v2, 2)
	s.wantValue(t, v1, 1)
	s.wantLabels(t, map[string][]string{v1: {current}, v2: {pending}})
}

func testPutTwice(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	if again := s.put(t, 2); again != v2 {
		t.Errorf("the repeated call made version %s beside %s", again, v2)
	}
	s.wantLabels(t, map[string][]string{v2: {current}, v1: {previous}})
}

func testPromote(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	s.wantLabels(t, map[string][]string{v2: {current}, v1: {previous}})
	v3 := s.put(t, 3)
	s.promote(t, v3, v2)
	s.wantValue(t, v3, 3)
	s.wantLabels(t, map[string][]string{v3: {current}, v2: {previous}})
}

func testPromoteTwice(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	s.promote(t, v2, v1)
	s.wantLabels(t, map[string][]string{v2: {current}, v1: {previous}})
}

func testPromoteConflict(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	v3 := s.put(t, 3)
	err := s.Secrets.Promote(t.Context(), name, v3, v1)
	want(t, "promote", err, fault.CodeConflict)
	s.wantLabels(t, map[string][]string{v2: {current}, v1: {previous}, v3: {pending}})
}

func testPromoteOverAny(t *testing.T, s SecretStore) {
	s.create(t)
	v2, err := s.Secrets.Create(t.Context(), name, s.KeyARN, token(2), value(2))
	must(t, err)
	v3 := s.put(t, 3)
	for range 2 {
		s.promote(t, v3, "")
		s.wantLabels(t, map[string][]string{v3: {current}, v2: {previous}})
	}
}

func testGetByID(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	v3 := s.put(t, 3)
	for n, version := range map[int]string{1: v1, 2: v2, 3: v3} {
		s.wantValue(t, version, n)
	}
}

func testRetire(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	s.promote(t, v2, v1)
	at := vault.Locator{Secret: name, Version: v1}
	must(t, s.Secrets.Retire(t.Context(), at))
	must(t, s.Secrets.Retire(t.Context(), at))
	s.wantLabels(t, map[string][]string{v2: {current}})
}

func testRetirePending(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	v2 := s.put(t, 2)
	v3 := s.put(t, 3)
	must(t, s.Secrets.Retire(t.Context(), vault.Locator{Secret: name, Version: v2}))
	s.wantLabels(t, map[string][]string{v1: {current}, v3: {pending}})
	must(t, s.Secrets.Retire(t.Context(), vault.Locator{Secret: name, Version: v3}))
	s.wantLabels(t, map[string][]string{v1: {current}})
}

func testRetireCurrent(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	must(t, s.Secrets.Retire(t.Context(), vault.Locator{Secret: name, Version: v1}))
	s.wantLabels(t, map[string][]string{v1: {current}})
}

func testRetireGone(t *testing.T, s SecretStore) {
	must(t, s.Secrets.Retire(t.Context(), vault.Locator{Secret: name, Version: token(1)}))
	s.create(t)
	must(t, s.Secrets.Retire(t.Context(), vault.Locator{Secret: name, Version: token(9)}))
}

func testDelete(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	must(t, s.Secrets.Delete(t.Context(), name))
	_, err := s.Secrets.Get(t.Context(), vault.Locator{Secret: name, Version: v1})
	want(t, "get", err, fault.CodeCredentialUnavailable)
	_, err = s.Secrets.Put(t.Context(), name, token(2), value(2))
	want(t, "put", err, fault.CodeCredentialUnavailable)
	want(t, "promote", s.Secrets.Promote(t.Context(), name, v1, v1), fault.CodeCredentialUnavailable)
}

func testDeleteAbsent(t *testing.T, s SecretStore) {
	must(t, s.Secrets.Delete(t.Context(), name))
	s.create(t)
	must(t, s.Secrets.Delete(t.Context(), name))
	must(t, s.Secrets.Delete(t.Context(), name))
}

func testAbsentVersion(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	_, err := s.Secrets.Get(t.Context(), vault.Locator{Secret: name, Version: token(9)})
	want(t, "get", err, fault.CodeCredentialUnavailable)
	want(t, "promote", s.Secrets.Promote(t.Context(), name, token(9), v1), fault.CodeCredentialUnavailable)
}

func testDisabledSecretKey(t *testing.T, s SecretStore) {
	v1 := s.create(t)
	s.Disable(t)
	_, err := s.Secrets.Get(t.Context(), vault.Locator{Secret: name, Version: v1})
	want(t, "get", err, fault.CodeCredentialUnavailable)
	wantQuiet(t, err, value(1))
	_, err = s.Secrets.Put(t.Context(), name, token(2), value(2))
	want(t, "put", err, fault.CodeCredentialUnavailable)
}
