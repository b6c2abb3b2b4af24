package gateway

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The life of a process. Only an idle one takes work; a stopping one is as
// good as gone.
type state int

const (
	starting  state = iota // started, has not asked for work
	idle                   // waits for work
	busy                   // has an invocation
	finishing              // has answered, has not asked for more work
	stopping               // was told to end
)

// process is one running copy of a function's binary. The mutex of its pool
// guards every field.
type process struct {
	id      string
	cmd     *exec.Cmd
	binary  fileStamp
	state   state
	stale   bool             // ends instead of taking more work
	work    chan *invocation // holds the assigned invocation until it is fetched
	current *invocation
	initErr []byte // error document posted before the first event
	exited  chan struct{}

	timer      *time.Timer
	generation int // of timer: an older one that fires late is ignored
}

const (
	startAttempts = 20
	startPause    = 50 * time.Millisecond
)

// fileStamp tells one build of a binary from the next.
type fileStamp struct {
	modified time.Time
	size     int64
}

func stampOf(path string) (fileStamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return fileStamp{}, fmt.Errorf("look at binary: %w", err)
	}
	return fileStamp{modified: info.ModTime(), size: info.Size()}, nil
}

// startProcess runs the binary with a clean environment. Its identifier is
// part of its Runtime API address, which is how its calls are told from those
// of its siblings. A binary that a build is just writing is tried again.
func startProcess(f Function, env []string, api string, out *lineWriter) (*process, error) {
	p := &process{id: newID(), work: make(chan *invocation, 1), exited: make(chan struct{})}
	path, err := filepath.Abs(f.Binary)
	if err != nil {
		return nil, fmt.Errorf("find binary: %w", err)
	}
	own := append(slices.Clone(env),
		"LAMBDA_TASK_ROOT="+filepath.Dir(path),
		"AWS_LAMBDA_RUNTIME_API="+api+"/"+f.Name+"/"+p.id,
		"AWS_LAMBDA_LOG_STREAM_NAME=local/"+p.id,
	)
	for range startAttempts {
		p.cmd = command(path, own, out)
		err = p.cmd.Start()
		if !errors.Is(err, syscall.ETXTBSY) {
			break
		}
		time.Sleep(startPause)
	}
	if err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	return p, nil
}

func command(path string, env []string, out *lineWriter) *exec.Cmd {
	cmd := exec.Command(path)
	cmd.Dir, cmd.Env = filepath.Dir(path), env
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = childAttributes()
	return cmd
}

// terminate and kill ignore errors: the only one is a process already gone.
func (p *process) terminate() { _ = p.cmd.Process.Signal(syscall.SIGTERM) }
func (p *process) kill()      { _ = p.cmd.Process.Kill() }

// environment returns the variables every process of a function gets: those
// Lambda sets, the authorities that this machine trusts (crypto/x509), the
// function's own, and the overrides, the last one winning.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environment(f Function, cfg Config) []string {
	name := cfg.Prefix + f.Name
	vars := map[string]string{
		"AWS_REGION":                      cfg.AWS.Region,
		"AWS_DEFAULT_REGION":              cfg.AWS.Region,
		"AWS_ACCESS_KEY_ID":               "local",
		"AWS_SECRET_ACCESS_KEY":           "local",
		"AWS_SESSION_TOKEN":               "local",
		"AWS_EC2_METADATA_DISABLED":       "true",
		"AWS_EXECUTION_ENV":               "AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_NAME":        name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + name,
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SSL_CERT_DIR", "SSL_CERT_FILE"} {
		if v, ok := os.LookupEnv(name); ok {
			vars[name] = v
		}
	}
	for _, layer := range []map[string]string{f.Env, cfg.Environment} {
		for k, v := range layer {
			vars[k] = v
		}
	}
	env := make([]string, 0, len(vars))
	for k, v := range vars {
		env = append(env, k+"="+v)
	}
	slices.SortFunc(env, strings.Compare)
	return env
}
