// Command app is the CDK app: it writes the CloudFormation templates of one
// stage. The CDK CLI runs it (npx cdk synth -c stage=dev) and passes cdk.json;
// with -golden it writes the committed templates of stage dev instead.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/infra"
)

func main() {
	golden := flag.Bool("golden", false, "write the committed templates instead of a deployable assembly")
	out := flag.String("out", "infra/templates", "directory of the committed templates")
	context := flag.String("context", "cdk.json", "file with the configuration of the committed templates")
	flag.Parse()
	if err := run(*golden, *out, *context); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(golden bool, out, context string) error {
	// The value is the major version whose end-of-life notice is silenced. jsii
	// took the environment for Node when its packages were initialized, so that
	// runtime, not started yet, is closed and the next call makes another.
	if err := os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20"); err != nil {
		return fmt.Errorf("silence jsii: %w", err)
	}
	jsii.Close()
	defer jsii.Close()
	if golden {
		return writeGolden(out, context)
	}
	app := awscdk.NewApp(&awscdk.AppProps{AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false)})
	stage, _ := app.Node().TryGetContext(jsii.String("stage")).(string)
	c, err := configure(app.Node().TryGetContext(jsii.String("stages")), stage)
	if err != nil {
		return err
	}
	if err := c.Built(); err != nil {
		return err
	}
	if _, err := infra.Add(app, c); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

// configure returns the configuration of one of the stages in cdk.json. An
// empty stage means dev.
func configure(context any, stage string) (infra.Config, error) {
	encoded, err := json.Marshal(context)
	if err != nil {
		return infra.Config{}, fmt.Errorf("read stages of cdk.json: %w", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(encoded)))
	decoder.DisallowUnknownFields()
	var stages map[string]infra.Config
	if err := decoder.Decode(&stages); err != nil {
		return infra.Config{}, fmt.Errorf("read stages of cdk.json: %w", err)
	}
	if len(stages) == 0 {
		return infra.Config{}, fmt.Errorf("no stages given: run the app through npx cdk, which reads cdk.json")
	}
	if stage == "" {
		stage = infra.DevStage
	}
	c, found := stages[stage]
	if !found {
		known := strings.Join(slices.Sorted(maps.Keys(stages)), ", ")
		return infra.Config{}, fmt.Errorf("stage %q is not in cdk.json, which has %s", stage, known)
	}
	c.Stage = stage
	if err := c.Validate(); err != nil {
		return infra.Config{}, fmt.Errorf("stage %s in cdk.json cannot be synthesized:\n%w", stage, err)
	}
	return c, nil
}
