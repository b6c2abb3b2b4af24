package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// Names of the stacks' templates, as they are committed under templates.
const (
	DataTemplate = "data"
	APITemplate  = "api"
	WorkTemplate = "work"
)

// Add puts the three stacks of a deployment into the app and returns their names
// by template. The configuration must be valid and the functions built.
func Add(app awscdk.App, c Config) map[string]string {
	data := newData(stack(app, c, "Data", "Tenon "+c.Stage+": what must outlive a deployment."), c)
	api := newAPI(stack(app, c, "Api", "Tenon "+c.Stage+": the HTTP API and its functions."), c, data)
	work := stack(app, c, "Work", "Tenon "+c.Stage+": the jobs, the queues and their consumers.")
	addWork(work, api)
	return map[string]string{
		DataTemplate: *data.stack.StackName(),
		APITemplate:  *api.stack.StackName(),
		WorkTemplate: *work.StackName(),
	}
}

// stack returns an empty stack for any account and region. The bootstrap rule
// would add a parameter that only repeats a check the CLI makes itself.
func stack(app awscdk.App, c Config, suffix, description string) awscdk.Stack {
	name := "Tenon-" + c.Stage + "-" + suffix
	return awscdk.NewStack(app, &name, &awscdk.StackProps{
		Description:           &description,
		TerminationProtection: jsii.Bool(c.Stage != DevStage && suffix == "Data"),
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
			GenerateBootstrapVersionRule: jsii.Bool(false),
		}),
	})
}

// arn returns the ARN of a resource of the stack's own account and region.
func arn(service, resource string) string {
	return strings.Join([]string{
		"arn", *awscdk.Aws_PARTITION(), service, *awscdk.Aws_REGION(), *awscdk.Aws_ACCOUNT_ID(), resource,
	}, ":")
}

func output(s awscdk.Stack, id, description, value string) {
	awscdk.NewCfnOutput(s, &id, &awscdk.CfnOutputProps{Value: &value, Description: &description})
}

// logical turns a name such as connection-get into the ConnectionGet that
// starts the logical ids of its resources.
func logical(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
