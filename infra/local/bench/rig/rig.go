// Package rig runs the executable of one Lambda function as Lambda does, one
// environment at a time, and says what that cost: it starts the process in a
// clean environment, serves it the Runtime API on the loopback interface, hands
// it events, and reads the processor time, page faults and memory of the process
// from /proc. It is not Firecracker: no machine starts, no code is loaded over a
// network. Compare what it says of two functions in one run.
//
// It depends on the standard library only and measures on Linux.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Patience is how long a process may take to ask for its first event, and to
// answer one.
const Patience = 30 * time.Second

// Function is what is run.
type Function struct {
	Name string
	Path string   // Of the executable.
	Env  []string // NAME=value, beside what Lambda sets for every function.
}

// Instance is one running process of a function. It serves one invocation at a
// time and is not safe for concurrent use.
type Instance struct {
	// Start is how long it took from the start of the process until it asked for
	// an event; Init is what it had used by then.
	Start time.Duration
	Init  Usage

	runtime *runtime
	cmd     *exec.Cmd
	log     *tail
	limit   *limit
	dead    chan struct{} // Closed when the process has ended.
}

// Start starts a process and returns when it asks for its first event. The error
// of a process that does not has the end of what it wrote.
func Start(ctx context.Context, f Function) (*Instance, error) {
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return nil, fmt.Errorf("find the executable: %w", err)
	}
	i := &Instance{log: &tail{}, dead: make(chan struct{})}
	if i.runtime, err = newRuntime(f.Name); err != nil {
		return nil, err
	}
	i.cmd = exec.Command(path)
	i.cmd.Dir, i.cmd.Env = filepath.Dir(path), environment(f, path, i.runtime.address())
	begun := time.Now()
	if err := i.run(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", f.Name, err), i.runtime.close())
	}
	if err := i.begin(ctx, begun); err != nil {
		return nil, fmt.Errorf("start %s: %w", f.Name, errors.Join(err, i.Close()))
	}
	return i, nil
}

// run starts the process, which writes its log to a pipe as it does on Lambda.
func (i *Instance) run() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	i.cmd.Stdout, i.cmd.Stderr = write, write
	err = errors.Join(i.cmd.Start(), write.Close())
	if err != nil {
		return errors.Join(err, read.Close())
	}
	go func() {
		i.log.follow(read) // Until the process has closed its end.
		_ = i.cmd.Wait()   // How it ended is told by what it did not answer.
		close(i.dead)
	}()
	return nil
}

// begin waits until the process asks for an event.
func (i *Instance) begin(ctx context.Context, begun time.Time) error {
	timer := time.NewTimer(Patience)
	defer timer.Stop()
	select {
	case at := <-i.runtime.asked:
		i.Start = at.Sub(begun)
		var err error
		i.Init, err = i.Usage()
		return err
	case text := <-i.runtime.refused:
		return fmt.Errorf("it cannot begin: %s", text)
	case <-i.dead:
		return i.ended("before it asked for an event")
	case <-timer.C:
		return fmt.Errorf("it asks for no event within %s", Patience)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ended is the error of a process that is gone.
func (i *Instance) ended(when string) error {
	select {
	case text := <-i.runtime.refused: // It said why before it ended.
		return fmt.Errorf("it cannot begin: %s", text)
	default:
		return fmt.Errorf("the process ended %s: %s", when, i.log)
	}
}

// Invoke hands the process an event and returns its answer, and how long that
// took from the event's last byte to the answer's.
func (i *Instance) Invoke(ctx context.Context, event []byte) ([]byte, time.Duration, error) {
	timer := time.NewTimer(Patience)
	defer timer.Stop()
	select {
	case i.runtime.events <- event:
	case <-i.dead:
		return nil, 0, i.ended("before it asked for the event")
	case <-timer.C:
		return nil, 0, fmt.Errorf("it does not ask for the event within %s", Patience)
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	select {
	case a := <-i.runtime.answers:
		return a.body, a.took, a.err
	case <-i.dead:
		select {
		case a := <-i.runtime.answers: // It answered and ended.
			return a.body, a.took, a.err
		default:
			return nil, 0, i.ended("during the invocation")
		}
	case <-timer.C:
		return nil, 0, fmt.Errorf("it does not answer within %s: %s", Patience, i.log)
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
}

// Log returns the end of what the process has written.
func (i *Instance) Log() string { return i.log.String() }

// Close ends the process.
func (i *Instance) Close() error {
	_ = i.cmd.Process.Kill() // It may be gone already.
	<-i.dead
	return errors.Join(i.runtime.close(), i.limit.remove())
}

// environment is what a process on Lambda finds, with credentials that are none,
// then the function's own.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environment(f Function, path, address string) []string {
	return append(strings.Fields(`
		AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
		AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_SESSION_TOKEN=local
		AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023 AWS_LAMBDA_INITIALIZATION_TYPE=on-demand
		AWS_LAMBDA_FUNCTION_VERSION=$LATEST AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128 AWS_LAMBDA_LOG_STREAM_NAME=rig
		TZ=:UTC PATH=/usr/local/bin:/usr/bin:/bin _HANDLER=bootstrap`),
		append([]string{
			"AWS_LAMBDA_RUNTIME_API=" + address, "AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
			"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + f.Name, "LAMBDA_TASK_ROOT=" + filepath.Dir(path),
		}, f.Env...)...)
}
