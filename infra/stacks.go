package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// Add puts the stacks of a deployment into the app and returns their names by
// template, as those are committed under templates. The configuration must be
// valid and the functions built. An operation without a place is an error.
func Add(app awscdk.App, c Config) (map[string]string, error) {
	d := deployment{app: app, config: c, stacks: map[string]awscdk.Stack{}}
	a := newAPI(d.stack(apiStack), c, newData(d.stack(dataStack), c))
	for _, r := range routes.Operations() {
		place, err := Place(r)
		if err != nil {
			return nil, err
		}
		of := a.in(d.stack(place))
		of.addRoute(r, of.addFunction(r))
	}
	addWork(d.stack(workStack), a)
	return d.templates(), nil
}

// deployment is the stacks of one stage.
type deployment struct {
	app    awscdk.App
	config Config
	stacks map[string]awscdk.Stack // By the end of their names.
}

// stack returns one of the stacks, for any account and region. It begins to exist
// when it is first asked for: CloudFormation takes no empty ones. The bootstrap
// rule would add a parameter that only repeats a check the CLI makes itself.
func (d *deployment) stack(name string) awscdk.Stack {
	if s, made := d.stacks[name]; made {
		return s
	}
	d.stacks[name] = awscdk.NewStack(d.app, jsii.String("Tenon-"+d.config.Stage+"-"+name), &awscdk.StackProps{
		Description:           jsii.String("Tenon " + d.config.Stage + ": " + describe(name)),
		TerminationProtection: jsii.Bool(d.config.Stage != DevStage && name == dataStack),
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
			GenerateBootstrapVersionRule: jsii.Bool(false),
		}),
	})
	return d.stacks[name]
}

// templates returns the full names of the stacks by template.
func (d *deployment) templates() map[string]string {
	names := map[string]string{}
	for name, s := range d.stacks {
		names[strings.ToLower(name)] = *s.StackName()
	}
	return names
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
