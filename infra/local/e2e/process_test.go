package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/shared/environ"
)

// process is a function's process that this test process started.
type process struct {
	pid    int
	binary string
}

func (p process) alive() bool { return syscall.Kill(p.pid, 0) == nil }

// functionProcesses returns the children of this process that run a binary of
// the local build. Other environments on the machine use the same binaries.
func functionProcesses(t *testing.T, root string) []process {
	t.Helper()
	listing, err := exec.CommandContext(t.Context(), "ps", "-axww", "-o", "pid=,ppid=,command=").Output()
	if err != nil {
		t.Fatalf("list processes: %v", err)
	}
	binaries := filepath.Join(root, ".build", "local") + string(filepath.Separator)
	var found []process
	for line := range strings.Lines(string(listing)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(os.Getpid()) || !strings.HasPrefix(fields[2], binaries) {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, process{pid, filepath.Base(fields[2])})
	}
	return found
}

// localAWS returns how to reach the AWS that the functions use.
func (e *environment) localAWS(t *testing.T) aws.Config {
	t.Helper()
	endpoint := e.variable(t, "AWS_ENDPOINT_URL")
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

// busName returns the bus that the functions tell what happened.
func (e *environment) busName(t *testing.T) string {
	t.Helper()
	return e.variable(t, environ.EventBus)
}

// variable returns an environment variable of a function. Some of them say what
// only the functions know.
func (e *environment) variable(t *testing.T, name string) string {
	t.Helper()
	for _, p := range functionProcesses(t, e.root) {
		text, err := exec.CommandContext(t.Context(), "ps", "eww", "-o", "command=", "-p", strconv.Itoa(p.pid)).Output()
		if err != nil {
			continue // It has just ended.
		}
		for _, variable := range strings.Fields(string(text)) {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				return value
			}
		}
	}
	t.Fatalf("no function process has the variable %s", name)
	return ""
}
