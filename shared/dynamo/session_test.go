package dynamo_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/console/consoletest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/session/sessiontest"
)

func TestSessions(t *testing.T) {
	sessiontest.Run(t, func(t *testing.T) session.Store { return dynamo.Sessions{Table: dynamotest.New(t)} })
	t.Run("every field comes back", func(t *testing.T) {
		for _, s := range []session.Store{dynamo.Sessions{Table: dynamotest.New(t)}, sessiontest.NewMemory()} {
			want := filled[session.Session]()
			want.Version = 1
			created(t, s.Create(t.Context(), want))
			got, err := s.Get(t.Context(), want.ID)
			same(t, got, err, want)
		}
	})
}

func TestSessionsOnMoto(t *testing.T) {
	cfg := awstest.Moto(t)
	sessiontest.RunSequential(t, func(t *testing.T) session.Store { return dynamo.Sessions{Table: dynamotest.On(t, cfg)} })
	consoletest.Run(t, dynamo.SignIns{Table: dynamotest.On(t, cfg)})
}

func TestSignIns(t *testing.T) {
	consoletest.Run(t, dynamo.SignIns{Table: dynamotest.New(t)})
}
