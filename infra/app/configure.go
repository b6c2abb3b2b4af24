package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/infra"
)

// stage is what cdk.json says of one: its properties, and the regions it is in.
type stage struct {
	infra.Props
	Regions []string `json:"regions"`
}

// configure returns the deployments of the stages in cdk.json: of all of them, or
// of the named one; in all their regions, or in the named one. A stage without
// regions is deployed to that of whoever deploys. What is wrong with any of them is
// one error.
func configure(context any, name, region string) ([]infra.Props, error) {
	stages, err := readStages(context)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(stages))
	if name != "" {
		if _, found := stages[name]; !found {
			return nil, fmt.Errorf("stage %q is not in cdk.json, which has %s", name, strings.Join(names, ", "))
		}
		names = []string{name}
	}
	var deployments []infra.Props
	var problems []error
	for _, name := range names {
		found, err := in(stages[name], name, region)
		if err != nil {
			problems = append(problems, fmt.Errorf("stage %s in cdk.json cannot be synthesized:\n%w", name, err))
		}
		deployments = append(deployments, found...)
	}
	return deployments, errors.Join(problems...)
}

// in returns a stage's deployments to its regions, or to the one that is named.
func in(s stage, name, region string) ([]infra.Props, error) {
	regions := s.Regions
	if region != "" || len(regions) == 0 {
		regions = []string{region}
	}
	var deployments []infra.Props
	var problems []error
	if len(s.Regions) > 1 {
		if err := s.AcrossRegions(); err != nil {
			problems = append(problems, err)
		}
	}
	for i, region := range regions {
		if slices.Contains(regions[:i], region) {
			problems = append(problems, fmt.Errorf("regions: %s stands there twice", region))
		}
		s.Stage, s.Region = name, region
		deployments = append(deployments, s.Props)
	}
	// What does not depend on the region is wrong in all of them, and said once.
	said := map[string]bool{}
	for _, p := range deployments {
		for problem := range strings.SplitSeq(text(p.Validate()), "\n") {
			if problem != "" && !said[problem] {
				said[problem] = true
				problems = append(problems, errors.New(problem))
			}
		}
	}
	return deployments, errors.Join(problems...)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func readStages(context any) (map[string]stage, error) {
	encoded, err := json.Marshal(context)
	if err != nil {
		return nil, fmt.Errorf("read stages of cdk.json: %w", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(encoded)))
	decoder.DisallowUnknownFields()
	var stages map[string]stage
	if err := decoder.Decode(&stages); err != nil {
		return nil, fmt.Errorf("read stages of cdk.json: %w", err)
	}
	if len(stages) == 0 {
		return nil, errors.New("no stages given: run the app through npx cdk, which reads cdk.json")
	}
	return stages, nil
}
