package bench

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// committedStage is the stage of the committed templates.
const committedStage = "dev"

// publicURL is the origin of an API that nobody calls.
const publicURL = "http://127.0.0.1:9"

// stage is what the committed templates describe, on a local AWS.
type stage struct {
	manifest template.Manifest
	aws      aws.Config
}

// openStage creates what the templates describe.
func openStage(ctx context.Context, root string, local *cloud.Cloud, publicURL string) (*stage, error) {
	files, err := filepath.Glob(filepath.Join(root, "infra", "templates", "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("there are no templates in %s: %w", root, err)
	}
	var texts [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a template: %w", err)
		}
		texts = append(texts, template.Restage(text, committedStage, environ.LocalStage))
	}
	s := &stage{aws: aws.Config{
		Region: local.Region, BaseEndpoint: &local.BaseURL, HTTPClient: local,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}}
	s.manifest, err = template.Apply(ctx, s.aws, template.Options{Prefix: "tenon-dev-", APIEndpoint: publicURL}, texts...)
	if err != nil {
		return nil, fmt.Errorf("apply the templates: %w", err)
	}
	return s, nil
}

// function is one of the stage with its environment as it is deployed, but for
// what makes it local.
func (s *stage) function(binaries, name string, more map[string]string) rig.Function {
	variables := map[string]string{}
	for _, f := range s.manifest.Functions {
		if f.Name == name || f.Name == routes.Healthz.Name && len(variables) == 0 { // A function that this stage has not gets what all have.
			variables = maps.Clone(f.Env)
		}
	}
	maps.Copy(variables, map[string]string{environ.Stage: environ.LocalStage, "AWS_ENDPOINT_URL": *s.aws.BaseEndpoint})
	maps.Copy(variables, more)
	f := rig.Function{Name: name, Path: filepath.Join(binaries, name)}
	for _, variable := range slices.Sorted(maps.Keys(variables)) {
		f.Env = append(f.Env, variable+"="+variables[variable])
	}
	return f
}

// runtimeSettings are the variables of the Go runtime that functions with the
// least memory are deployed with.
func runtimeSettings() map[string]string {
	return map[string]string{"GOMAXPROCS": "1", "GOGC": "400", "GOMEMLIMIT": "90MiB"}
}
