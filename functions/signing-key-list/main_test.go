package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestSigningKeyList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Signing(functionstest.Acme, functionstest.SigningKey)
	h := webtest.New(t, routes.SigningKeyList, handle(w.SigningKeys()))
	list := functionstest.Event("signing-key-list")
	h.Replay(list).Want(200, `{"items": [{"id": "`+functionstest.SigningKey+`", "algorithm": "ES256", "state": "active", "expiresAt": "2028-11-18T08:55:00Z"}]}`)
	h.As(functionstest.Globex).Replay(list).Want(200, `{"items": []}`)
}
