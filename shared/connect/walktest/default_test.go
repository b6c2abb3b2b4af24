package walktest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/vault"
)

// TestDefaultOfAField leaves out what the entry knows better than a person: the
// user name that Mailgun gives to every key.
func TestDefaultOfAField(t *testing.T) {
	t.Parallel()
	c, err := catalog.Catalog{}.Load("mailgun")
	must(t, err)
	w := newWorld(t, c, c.Schemes[0], true, nil)
	made, err := w.create(t.Context(), map[string]string{"password": w.provider.Fields["password"]})
	must(t, err)
	w.wantEstablished(t, made)
	l, err := w.lease(made.ID)
	must(t, err)
	w.wantPlaced(t, l.Credential, "", w.provider.Fields)
	replaced, err := w.connects.PutCredential(t.Context(), ann(), made.ID, "*", concealed(map[string]string{"password": w.provider.Fields["password"]}))
	must(t, err)
	w.wantEstablished(t, replaced)
	stored, err := w.secrets.Get(t.Context(), w.get(made.ID).Credential.At)
	must(t, err)
	material, err := vault.DecodeMaterial(stored)
	must(t, err)
	if diff := cmp.Diff(w.provider.Fields, revealed(material.Fields)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}
