package bench

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/infra/local/dev"
)

// hello is the function that the others are compared with.
const hello = "hello"

// binaries is the directory of the functions, built for this machine as `make
// build` builds them for AWS: an executable of arm64 runs nowhere else.
func (s *suite) binaries() string { return filepath.Join(s.root, ".build", "host") }

// deployed is the directory of the functions as they are deployed.
func (s *suite) deployed() string { return filepath.Join(s.root, ".build", "arm64") }

// build compiles every function for this machine and for AWS. What is fresh is
// not linked again.
func (s *suite) build(ctx context.Context) error {
	for _, target := range []struct{ directory, architecture string }{{s.binaries(), goruntime.GOARCH}, {s.deployed(), "arm64"}} {
		s.progress.printf("building the functions for %s (minutes when all of them changed)", target.architecture)
		if err := os.MkdirAll(target.directory, 0o755); err != nil {
			return fmt.Errorf("directory of the executables: %w", err)
		}
		// The flags are those of make build.
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", dev.Tags, "-ldflags=-s -w",
			"-o", target.directory+"/", "./functions/...", "./infra/local/bench/hello")
		cmd.Dir = s.root
		cmd.Env = append(os.Environ(), "GOFLAGS=", "GOEXPERIMENT=", "CGO_ENABLED=0", "GOOS="+goruntime.GOOS, "GOARCH="+target.architecture, "GOARM64=v8.0")
		if target.architecture != goruntime.GOARCH {
			cmd.Env = append(cmd.Env, "GOOS=linux")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build the functions for %s: %w\n%s", target.architecture, err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// functionNames are the functions of the module, sorted.
func (s *suite) functionNames() ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(s.root, "functions", "*", "main.go"))
	if err != nil || len(mains) == 0 {
		return nil, fmt.Errorf("there are no functions in %s: %w", s.root, err)
	}
	var names []string
	for _, path := range mains {
		names = append(names, filepath.Base(filepath.Dir(path)))
	}
	slices.Sort(names)
	return names, nil
}

// services are the clients of the AWS SDK in an executable, sorted.
func services(path string) ([]string, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what is linked: %w", err)
	}
	var names []string
	for _, m := range info.Deps {
		name, found := strings.CutPrefix(m.Path, "github.com/aws/aws-sdk-go-v2/service/")
		if found && !strings.HasPrefix(name, "internal/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("look at an executable: %w", err)
	}
	return info.Size(), nil
}
