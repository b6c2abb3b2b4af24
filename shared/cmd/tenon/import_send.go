package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// A request that brings nothing is repeated after firstWait, which doubles up to
// longestWait, or when the server says; mostTries of them end the import.
const (
	firstWait   = time.Second
	longestWait = time.Minute
	mostTries   = 10
)

// importer sends the lines of a file. Without a client it only checks them.
type importer struct {
	client  *client.Client
	results *results
	batch   int
	tally   tally
	sleep   func(context.Context, time.Duration) error
}

// file sends the lines that no earlier run has done, batch by batch.
func (i *importer) file(ctx context.Context, path string) error {
	file, err := os.Open(path) //nolint:gosec // The file the caller names.
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in, size := newLines(file), 0
	var batch []line
	for {
		x, err := in.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if ended := err != nil; ended || len(batch) == i.batch || size+x.size > mostBytes {
			if err := i.send(ctx, batch); err != nil || ended {
				return err
			}
			batch, size = batch[:0], 0
		}
		wanted, err := i.wanted(x)
		if err != nil {
			return err
		}
		if wanted {
			batch, size = append(batch, x), size+x.size
		}
	}
}

// wanted reports whether a line is to be sent, and counts it where it is not.
func (i *importer) wanted(x line) (bool, error) {
	switch {
	case x.problem != "":
		if i.client == nil {
			_, err := fmt.Fprintf(i.tally.out, "line %d: %s\n", x.number, x.problem)
			i.tally.failed++
			return false, err
		}
		return false, i.note(result{Line: x.number, ExternalID: x.item.ExternalID, Status: "failed", Code: "validation_failed", Detail: x.problem})
	case i.client == nil, i.results.done[x.item.ExternalID]:
		i.tally.done++
		return false, nil
	}
	return true, nil
}

// send sends lines until each has a result. What the server did not come to is
// sent again. A request that is refused as a whole is sent line by line: one of
// them is to blame.
func (i *importer) send(ctx context.Context, batch []line) error {
	for tries := 0; len(batch) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		items := make([]api.ConnectionImportItem, len(batch))
		for n, x := range batch {
			items[n] = x.item
		}
		// What was sent is waited for: an interruption ends the import behind it.
		answer, err := client.Call(context.WithoutCancel(ctx), i.client, routes.ConnectionImport, api.ConnectionImport{Items: items})
		if err == nil && len(answer.Results) != len(batch) {
			return errors.New("the server answered for other items than were sent")
		}
		var problem *client.Problem
		switch left, noted := i.take(batch, answer); {
		case noted != nil:
			return noted
		case err == nil && len(left) < len(batch):
			batch, tries = left, 0
			i.tally.print()
			continue
		case err == nil: // All of them were skipped.
		case errors.As(err, &problem) && refusal(problem.Status):
			return i.blame(ctx, batch, problem)
		case errors.As(err, &problem) && !passing(problem.Status):
			return err
		}
		if tries++; tries == mostTries {
			return errors.Join(errors.New("the server does not answer"), err)
		}
		d := wait(tries, problem)
		if _, err := fmt.Fprintf(i.tally.out, "no result; trying again in %s\n", d.Round(time.Second)); err != nil {
			return err
		}
		if err := i.sleep(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// take notes the results and returns the lines that have none yet.
func (i *importer) take(batch []line, answer api.ImportResults) (left []line, err error) {
	for n, r := range answer.Results {
		if r.Status == "skipped" {
			left = append(left, batch[n])
			continue
		}
		x := result{Line: batch[n].number, ExternalID: batch[n].item.ExternalID, Status: r.Status, ConnectionID: r.ConnectionID}
		if p := r.Problem; p != nil {
			x.Code, x.Detail = p.Code, p.Detail
			for _, field := range p.Errors {
				x.Detail += " " + field.Pointer + ": " + field.Detail
			}
		}
		i.tally.sent++
		if err := i.note(x); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// blame sends the lines of a refused request one by one, and notes the refusal of
// a single one.
func (i *importer) blame(ctx context.Context, batch []line, problem *client.Problem) error {
	if len(batch) == 1 {
		i.tally.sent++
		x := result{Line: batch[0].number, ExternalID: batch[0].item.ExternalID, Status: "failed", Code: string(problem.Code), Detail: problem.Detail}
		for _, field := range problem.Errors {
			x.Detail += " " + field.Pointer + ": " + field.Detail
		}
		return i.note(x)
	}
	for _, x := range batch {
		if err := i.send(ctx, []line{x}); err != nil {
			return err
		}
	}
	return nil
}

// note counts a result and appends it.
func (i *importer) note(x result) error {
	if x.done() {
		i.tally.done++
	} else {
		i.tally.failed++
	}
	return i.results.add(x)
}

// refusal reports whether a status is about the content of the request.
func refusal(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusUnprocessableEntity
}

// passing reports whether a status may be another one the next time.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// wait is how long to leave the server alone.
func wait(tries int, problem *client.Problem) time.Duration {
	if problem != nil && problem.RetryAfter > 0 {
		return problem.RetryAfter
	}
	d := min(firstWait<<(tries-1), longestWait)
	return d + rand.N(d/4)
}
