package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// Deployment is one stage in one region: the stacks that New added.
type Deployment struct {
	// Artifacts are the names of the stacks in the assembly, by template as those are
	// committed under templates. They differ between regions, where the names of the
	// stacks, Tenon-<stage>-Data, are the same.
	Artifacts map[string]string
}

// New adds the stacks of a deployment to an app or to another construct of the
// CDK. The functions must be built, see Props.Built. Everything that is wrong with
// the properties is one error.
func New(scope constructs.Construct, id string, p Props) (Deployment, error) {
	if err := p.Validate(); err != nil {
		return Deployment{}, err
	}
	d := deployment{root: constructs.NewConstruct(scope, &id), props: p, stacks: map[string]awscdk.Stack{}}
	d.tag()
	held := newData(d.stack(dataStack), p)
	a := newAPI(d.stack(apiStack), p, held)
	if p.Egress != nil {
		a.egress = newEgress(d.stack(networkStack), p, held)
	}
	for _, r := range routes.Operations() {
		place, err := Place(r)
		if err != nil {
			return Deployment{}, err
		}
		of := a.in(d.stack(place))
		of.addRoute(r, of.addFunction(r))
	}
	addWork(d.stack(workStack), a)
	return d.made(), nil
}

// deployment is the stacks while they are made.
type deployment struct {
	root   constructs.Construct
	props  Props
	stacks map[string]awscdk.Stack // By the end of their names.
}

// stack returns one of the stacks. It begins to exist when it is first asked for:
// CloudFormation takes no empty ones. Without a region it is for any account and
// region. The bootstrap rule would add a parameter that only repeats a check the
// CLI makes itself.
func (d *deployment) stack(name string) awscdk.Stack {
	if s, made := d.stacks[name]; made {
		return s
	}
	var environment *awscdk.Environment
	if d.props.Region != "" {
		environment = &awscdk.Environment{Region: &d.props.Region}
	}
	d.stacks[name] = awscdk.NewStack(d.root, &name, &awscdk.StackProps{
		StackName:             jsii.String("Tenon-" + d.props.Stage + "-" + name),
		Env:                   environment,
		Description:           jsii.String("Tenon " + d.props.Stage + ": " + describe(name)),
		TerminationProtection: jsii.Bool(d.props.Stage != DevStage && name == dataStack),
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
			GenerateBootstrapVersionRule: jsii.Bool(false),
		}),
	})
	return d.stacks[name]
}

// made says what was added.
func (d *deployment) made() Deployment {
	m := Deployment{Artifacts: map[string]string{}}
	for name, s := range d.stacks {
		m.Artifacts[strings.ToLower(name)] = *s.ArtifactId()
	}
	return m
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
