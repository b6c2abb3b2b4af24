package dynamo_test

import (
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

// TestMoto asks moto, an independent implementation, for a second opinion. Its
// writes are not isolated and its transactions restore every table when they
// fail, so nothing runs at a time.
func TestMoto(t *testing.T) {
	cfg := cloudtest.Config(startMoto(t), cloudtest.Client())
	table := func(t *testing.T) dynamo.Table { return dynamotest.On(t, cfg) }
	t.Run("connections", func(t *testing.T) {
		connectiontest.RunSequential(t, func(t *testing.T) connectiontest.Stores { return stores(table(t)) })
	})
	t.Run("templates", func(t *testing.T) {
		templatetest.RunSequential(t, func(t *testing.T) template.Store { return dynamo.Templates{Table: table(t)} })
	})
	t.Run("tenants", func(t *testing.T) {
		tenanttest.RunSequential(t, func(t *testing.T) tenanttest.Store { return dynamo.Tenants{Table: table(t)} })
	})
	t.Run("handoffs", func(t *testing.T) {
		connecttest.RunSequential(t, func(t *testing.T) connect.Store { return dynamo.Handoffs{Table: table(t)} })
	})
	t.Run("audit", func(t *testing.T) {
		audittest.Run(t, func(t *testing.T) audit.Store { return dynamo.Audit{Table: table(t)} })
	})
	t.Run("idempotency", func(t *testing.T) {
		idempotencytest.RunSequential(t, func(t *testing.T) idempotency.Store { return dynamo.Idempotency{Table: table(t)} })
	})
}

// startMoto starts moto_server on a free port until the test ends.
func startMoto(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-H", "127.0.0.1", "-p", port)
	if err := command.Start(); err != nil {
		t.Fatalf("start moto_server: %v", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // It was killed: there is nothing to learn.
	})
	endpoint := "http://127.0.0.1:" + port
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		answer, err := http.Get(endpoint + "/moto-api/")
		if err == nil {
			_ = answer.Body.Close()
			return endpoint
		}
	}
	t.Fatal("moto_server did not answer within a minute")
	return ""
}
