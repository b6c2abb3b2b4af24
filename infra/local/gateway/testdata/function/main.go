// Command function is the Lambda function of the gateway's tests: the event
// tells it what to do.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// version is set by the linker to tell two builds apart.
var version = "1"

type instruction struct {
	Do      string
	File    string // wait: until it exists; meet: directory of the participants
	Count   int    // meet: participants to wait for
	Headers map[string]string
	Body    string
	Records []struct{ MessageID, Body string }
}

func main() {
	if os.Getenv("FAIL_INIT") != "" {
		os.Exit(7)
	}
	if os.Getenv("STUBBORN") != "" {
		signal.Ignore(syscall.SIGTERM)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, payload json.RawMessage) (any, error) {
	var in instruction
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	if in.Records != nil {
		return batch(in, payload)
	}
	if do := in.Headers["x-do"]; do != "" {
		in.Do = do
	}
	switch in.Do {
	case "answer":
		return json.RawMessage(in.Body), nil
	case "crash":
		os.Exit(3)
	case "panic":
		panic("told to")
	case "error":
		return nil, errors.New("told to fail")
	case "hang":
		for {
			time.Sleep(time.Second)
		}
	case "wait":
		return os.Getpid(), waitFor(func() bool { _, err := os.Stat(in.File); return err == nil })
	case "meet":
		return os.Getpid(), meet(in.File, in.Count)
	case "big":
		return strings.Repeat("x", 7<<20), nil
	case "log":
		fmt.Print("first\nsec")
		fmt.Println("ond")
		return nil, nil
	case "environment":
		return os.Environ(), nil
	case "pid":
		return os.Getpid(), nil
	case "version":
		return version, nil
	case "deadline":
		deadline, _ := ctx.Deadline()
		return time.Until(deadline).Seconds(), nil
	}
	return payload, nil
}

// meet waits until count processes are inside at the same time.
func meet(dir string, count int) error {
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(os.Getpid())), nil, 0o600); err != nil {
		return err
	}
	return waitFor(func() bool {
		entries, err := os.ReadDir(dir)
		return err == nil && len(entries) >= count
	})
}

func waitFor(done func() bool) error {
	for range 1000 {
		if done() {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("waited in vain")
}

// batch fails the messages whose body is "fail"; "confuse" makes it name a
// message that is not in the batch, "error" fails the invocation, "show"
// prints the event and "wait FILE" waits until the file exists.
func batch(in instruction, payload []byte) (any, error) {
	failures := []map[string]string{}
	for _, r := range in.Records {
		fmt.Println("message", r.Body)
		verb, file, _ := strings.Cut(r.Body, " ")
		switch verb {
		case "show":
			fmt.Printf("event %s\n", payload)
		case "wait":
			if err := waitFor(func() bool { _, err := os.Stat(file); return err == nil }); err != nil {
				return nil, err
			}
		case "fail":
			failures = append(failures, map[string]string{"itemIdentifier": r.MessageID})
		case "confuse":
			failures = append(failures, map[string]string{"itemIdentifier": "nobody"})
		case "error":
			return nil, errors.New("told to fail")
		}
	}
	return map[string]any{"batchItemFailures": failures}, nil
}
