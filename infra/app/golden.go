package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

// writeGolden synthesizes stage dev and writes its templates, sorted and
// indented, to out. Every function has the same placeholder for its code, so
// that the templates change with the infrastructure only.
func writeGolden(out, file string) error {
	context, err := readContext(file)
	if err != nil {
		return err
	}
	c, err := configure(context["stages"], infra.DevStage)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tenon-golden-")
	if err != nil {
		return fmt.Errorf("make scratch directory: %w", err)
	}
	defer os.RemoveAll(scratch)
	c.Functions = filepath.Join(scratch, "functions")
	if err := writePlaceholders(c.Functions); err != nil {
		return err
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Context: &context, Outdir: jsii.String(filepath.Join(scratch, "assembly")),
		AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false),
	})
	stacks, err := infra.Add(app, c)
	if err != nil {
		return err
	}
	assembly := app.Synth(nil)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make template directory: %w", err)
	}
	for template, stack := range stacks {
		from := filepath.Join(*assembly.Directory(), stack+".template.json")
		if err := normalize(from, filepath.Join(out, template+".json")); err != nil {
			return err
		}
	}
	return nil
}

// readContext returns the context of a cdk.json, which the CLI would pass.
func readContext(file string) (map[string]any, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read context: %w", err)
	}
	var settings struct {
		Context map[string]any `json:"context"`
	}
	if err := json.Unmarshal(content, &settings); err != nil {
		return nil, fmt.Errorf("read context of %s: %w", file, err)
	}
	return settings.Context, nil
}

func writePlaceholders(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make placeholders: %w", err)
	}
	for _, r := range routes.All() {
		if err := os.WriteFile(filepath.Join(dir, r.Name+".zip"), []byte("placeholder\n"), 0o644); err != nil {
			return fmt.Errorf("write placeholder: %w", err)
		}
	}
	return nil
}

// normalize rewrites a template with sorted keys; numbers keep their digits.
func normalize(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var template map[string]any
	if err := decoder.Decode(&template); err != nil {
		return fmt.Errorf("read template %s: %w", from, err)
	}
	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(template); err != nil {
		return fmt.Errorf("encode template %s: %w", from, err)
	}
	if err := os.WriteFile(to, sorted.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write template: %w", err)
	}
	return nil
}
