package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// budgets are what executables may weigh, in bytes: a cold start reads them, about
// 1.5 ms per megabyte.
type budgets struct {
	// Functions are those with a limit of their own.
	Functions map[string]int `json:"functions"`
	// Services are the limits of all others, by what they link of the AWS SDK. The
	// first that has all of a function's services counts; "*" has any.
	Services []struct {
		Of  []string `json:"of"`
		Max int      `json:"max"`
	} `json:"services"`
}

func readBudgets(path string) (budgets, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return budgets{}, fmt.Errorf("read the budgets: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	var b budgets
	if err := decoder.Decode(&b); err != nil {
		return budgets{}, fmt.Errorf("read the budgets of %s: %w", path, err)
	}
	return b, nil
}

// check returns an error for a function that is above its limit, or has none.
func (b budgets) check(f function) error {
	limit, found := b.limit(f)
	if !found {
		return fmt.Errorf("%s has no budget: it links the AWS services %s", f.Name, strings.Join(services(f), ", "))
	}
	if f.BinaryBytes > limit {
		return fmt.Errorf("%s has %d bytes, more than its budget of %d: see what it links (go version -m), or raise infra/package/budgets.json with the reason in the commit", f.Name, f.BinaryBytes, limit)
	}
	return nil
}

func (b budgets) limit(f function) (int, bool) {
	if limit, found := b.Functions[f.Name]; found {
		return limit, true
	}
	for _, class := range b.Services {
		if contains(class.Of, services(f)) {
			return class.Max, true
		}
	}
	return 0, false
}

func contains(allowed, wanted []string) bool {
	set := map[string]bool{}
	for _, name := range allowed {
		set[name] = true
	}
	for _, name := range wanted {
		if !set[name] && !set["*"] {
			return false
		}
	}
	return true
}

// services are the clients of AWS that a function links.
func services(f function) []string {
	var names []string
	for _, m := range f.Modules {
		name, found := strings.CutPrefix(m.Path, "github.com/aws/aws-sdk-go-v2/service/")
		if found && !strings.HasPrefix(name, "internal/") {
			names = append(names, name)
		}
	}
	return names
}
