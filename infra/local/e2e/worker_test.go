package e2e_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// testWorker asks the real server-probe, composed as a function that verifies
// is, with a protocol that no driver speaks.
func testWorker(t *testing.T, e *environment) {
	onboard(t, e, "worker")
	worker := e.variable(t, environ.ServerProbe)
	servers := verifying.New(&app.Env{AWS: e.aws, Config: environ.Config{
		Stage: environ.LocalStage, Table: e.variable(t, environ.Table), ServerProbe: worker,
	}}).Reach().Servers
	login := method.Login{Tenant: "worker", Protocol: "gopher", Host: "files.worker.example", Port: "7070", Values: fields{
		"username": secretOf("worker"), "password": secretOf(e.secrets.make("password of a server")),
	}}
	_, err := servers.Probe(t.Context(), login)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Code != fault.CodeSchemeMismatch || refusal.Kind != fault.Unprocessable {
		t.Errorf("got %v, want the refusal of the worker", err)
	}
	if !slices.ContainsFunc(functionProcesses(t, e.root), func(p process) bool { return p.binary == "server-probe" }) {
		t.Error("server-probe has no process")
	}
	eventually(t, "the worker has written a line", func() bool {
		return strings.Contains(e.out.String(), `"msg":"probe","protocol":"gopher","outcome":"auth_scheme_mismatch"`)
	})
	login.Tenant = "nobody"
	if _, err := servers.Probe(t.Context(), login); err == nil {
		t.Error("a login of no tenant was sealed")
	}
	for name, event := range map[string]string{
		"nothing":        `{}`,
		"another form":   `{"tenant":7}`,
		"sealed by none": `{"tenant":"worker","id":"prb_01M7W2Y7M00000000000000001","sealedAt":1795165200,"sealed":"AQAB"}`,
	} {
		out, err := lambda.NewFromConfig(e.aws).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &worker, Payload: []byte(event)})
		if err != nil || aws.ToString(out.FunctionError) == "" {
			t.Errorf("%s: got %+v, %v, want the error of the function", name, out, err)
		}
	}
	if out, err := lambda.NewFromConfig(e.aws).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("tenon-prod-server-probe")}); err == nil {
		t.Errorf("a function of another stage: got %+v", out)
	}
}
