// Package verifying composes what verifies credentials, logins to servers
// included. It depends on packages awsconfig, lambda, probe and app/credentials.
package verifying

import (
	"time"

	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/lambda"
	"github.com/tenonhq/tenon/shared/probe"
)

// New opens everything, with server-probe as the way to servers. A function that
// uses it needs the grant probe:invoke.
func New(e *app.Env) credentials.Credentials {
	c := credentials.New(e)
	functions := lambda.Functions{Client: awslambda.NewFromConfig(awsconfig.Once(e.AWS))}
	c.Servers = probe.Asker{Functions: functions, Function: e.Config.ServerProbe, Sealer: c.Sealer, Now: time.Now}
	return c
}
