package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/infra"
	"github.com/tenonhq/tenon/shared/routes"
)

// writeGolden synthesizes stage dev, for any region, and writes its templates,
// sorted and indented, to out. Every function has the same placeholder for its
// code, so that the templates change with the infrastructure only. The file of
// variants, if one is named, holds properties by name: what dev is with them is
// written to out/<name>. Only the named ones are, where any is named, and beside
// the templates of those in nag the findings of cdk-nag, see check.
func writeGolden(out, file, variants string, only, nag []string) error {
	context, err := readContext(file)
	if err != nil {
		return err
	}
	stages, err := readStages(context["stages"])
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "tenon-golden-")
	if err != nil {
		return fmt.Errorf("make scratch directory: %w", err)
	}
	defer os.RemoveAll(scratch)
	dev := stages[infra.DevStage].Props
	dev.Stage, dev.Functions = infra.DevStage, filepath.Join(scratch, "functions")
	if err := writePlaceholders(dev.Functions); err != nil {
		return err
	}
	others, err := readVariants(variants)
	if err != nil {
		return err
	}
	others[infra.DevStage] = json.RawMessage("{}")
	for _, name := range slices.Sorted(maps.Keys(others)) {
		if len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		p, at := dev, out
		if name != infra.DevStage {
			at = filepath.Join(out, name)
		}
		if err := json.Unmarshal(others[name], &p); err != nil {
			return fmt.Errorf("read variant %s: %w", name, err)
		}
		if err := writeTemplates(at, filepath.Join(scratch, "of-"+name), context, p, slices.Contains(nag, name)); err != nil {
			return fmt.Errorf("variant %s: %w", name, err)
		}
	}
	return nil
}

// writeTemplates synthesizes one deployment, with an assembly of its own.
func writeTemplates(out, assembly string, context map[string]any, p infra.Props, nag bool) error {
	app := awscdk.NewApp(&awscdk.AppProps{
		Context: &context, Outdir: &assembly, AnalyticsReporting: jsii.Bool(false), TreeMetadata: jsii.Bool(false),
	})
	made, err := infra.New(app, id(p), p)
	if err != nil {
		return err
	}
	if nag {
		check(app)
	}
	app.Synth(nil)
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make template directory: %w", err)
	}
	if nag {
		if err := writeFindings(out, assembly); err != nil {
			return err
		}
	}
	for template, artifact := range made.Artifacts {
		if err := normalize(filepath.Join(assembly, artifact+".template.json"), filepath.Join(out, template+".json")); err != nil {
			return err
		}
	}
	return nil
}

func readVariants(file string) (map[string]json.RawMessage, error) {
	if file == "" {
		return map[string]json.RawMessage{}, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read variants: %w", err)
	}
	var variants map[string]json.RawMessage
	if err := json.Unmarshal(content, &variants); err != nil {
		return nil, fmt.Errorf("read variants: %w", err)
	}
	return variants, nil
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
	for _, r := range slices.Concat(routes.All(), routes.Optional()) {
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
