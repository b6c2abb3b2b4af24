package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/openapi"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestOpenapiGet(t *testing.T) {
	t.Parallel()
	h := webtest.New(t, routes.OpenapiGet, handle())
	h.Replay(functionstest.Event("openapi-get")).Want(200, string(openapi.JSON))
	h.As(functionstest.Globex).Replay(functionstest.Event("openapi-get")).Want(200, string(openapi.JSON))
}
