// Command app is the CDK app: it writes the CloudFormation templates of the stages
// in cdk.json, each in each of its regions. The CDK CLI runs it and passes cdk.json;
// -c stage=… and -c region=… choose one. Placeholders are refused, save with
// -c draft=true, which is for looking at the templates. With -golden it writes the
// committed templates of stage dev instead.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/infra"
)

func main() {
	golden := flag.Bool("golden", false, "write the committed templates instead of a deployable assembly")
	out := flag.String("out", "infra/templates", "directory of the committed templates")
	context := flag.String("context", "cdk.json", "file with the configuration of the committed templates")
	variants := flag.String("variants", "", "file with variants of stage dev, to be written beside the committed templates")
	only := flag.String("only", "", "names of variants, dev among them, between commas: no others are written")
	nag := flag.String("nag", "", "names likewise: the findings of cdk-nag are written beside their templates")
	flag.Parse()
	if err := run(*golden, *out, *context, *variants, names(*only), names(*nag)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(golden bool, out, context, variants string, only, nag []string) error {
	// The value is the major version whose end-of-life notice is silenced. jsii
	// took the environment for Node when its packages were initialized, so that
	// runtime, not started yet, is closed and the next call makes another.
	if err := os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20"); err != nil {
		return fmt.Errorf("silence jsii: %w", err)
	}
	jsii.Close()
	defer jsii.Close()
	if golden {
		return writeGolden(out, context, variants, only, nag)
	}
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false)})
	given := func(name string) string {
		value, _ := app.Node().TryGetContext(&name).(string)
		return value
	}
	deployments, err := configure(app.Node().TryGetContext(jsii.String("stages")), given("stage"), given("region"))
	if err != nil {
		return err
	}
	if err := deployable(deployments); err != nil {
		if given("draft") == "" {
			return err
		}
		fmt.Fprintln(os.Stderr, err)
	}
	for _, p := range deployments {
		if err := p.Built(); err != nil {
			return err
		}
		if _, err := infra.New(app, id(p), p); err != nil {
			return err
		}
	}
	app.Synth(nil)
	return nil
}

// id is what the names of a deployment's stacks begin with for the CDK CLI:
// Tenon-prod-eu-central-1.
func id(p infra.Props) string {
	if p.Region == "" {
		return "Tenon-" + p.Stage
	}
	return "Tenon-" + p.Stage + "-" + p.Region
}

// names are those between commas.
func names(joined string) []string {
	return strings.FieldsFunc(joined, func(r rune) bool { return r == ',' })
}
