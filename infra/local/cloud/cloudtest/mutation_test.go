package cloudtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
)

// TestMutatedRequests sends the whole suite's requests with random parts
// replaced. The cloud must never panic nor answer that the server failed, and
// its state must stay one that can be saved and opened.
func TestMutatedRequests(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := cloud.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := &mutator{t: t, cloud: c, random: rand.New(rand.NewPCG(1, 2))}
	cloudtest.Exercise(t.Context(), cloudtest.Config("http://cloud.local", m))
	c.Tick()
	if m.sent < 1000 {
		t.Errorf("sent %d mutated requests, want thousands", m.sent)
	}
	if err := c.Save(); err != nil {
		t.Errorf("Save: %v", err)
	}
	if _, err := cloud.Open(dir); err != nil {
		t.Errorf("Open: %v", err)
	}
}

// mutator passes every request on and then sends mutations of it.
type mutator struct {
	t      *testing.T
	cloud  *cloud.Cloud
	mu     sync.Mutex
	random *rand.Rand
	sent   int
}

// Do implements aws.HTTPClient.
func (m *mutator) Do(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer, err := m.cloud.Do(r)
	for range 8 {
		m.send(r, m.mutated(body))
	}
	return answer, err
}

// send makes one mutated request, which may not wait for messages.
func (m *mutator) send(r *http.Request, body []byte) {
	m.sent++
	ctx, cancel := context.WithTimeout(r.Context(), time.Millisecond)
	defer cancel()
	request := r.Clone(ctx)
	request.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	defer func() {
		if failure := recover(); failure != nil {
			m.t.Errorf("%s %s %.500s: panic: %v", r.Header.Get("X-Amz-Target"), r.URL.Path, body, failure)
		}
	}()
	m.cloud.ServeHTTP(answer, request)
	if answer.Code >= http.StatusInternalServerError {
		m.t.Errorf("%s %s %.500s: got %d %s", r.Header.Get("X-Amz-Target"), r.URL.Path, body, answer.Code, answer.Body)
	}
}

// mutated returns a body with one or two values changed.
func (m *mutator) mutated(body []byte) []byte {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return body[:m.random.IntN(len(body)+1)]
	}
	for range 1 + m.random.IntN(2) {
		value = m.mutate(value)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		m.t.Fatal(err)
	}
	return encoded
}

// mutate changes a value somewhere.
func (m *mutator) mutate(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 || m.random.IntN(8) == 0 {
			return m.anything()
		}
		names := slices.Sorted(maps.Keys(value))
		name := names[m.random.IntN(len(names))]
		switch m.random.IntN(6) {
		case 0:
			delete(value, name)
		case 1:
			value[names[m.random.IntN(len(names))]] = value[name]
		default:
			value[name] = m.mutate(value[name])
		}
		return value
	case []any:
		if len(value) == 0 || m.random.IntN(8) == 0 {
			return m.anything()
		}
		i := m.random.IntN(len(value))
		if m.random.IntN(4) == 0 {
			return append(value, value[i])
		}
		value[i] = m.mutate(value[i])
		return value
	case string:
		return m.mutateText(value)
	}
	return m.anything()
}

// mutateText cuts, repeats or replaces a piece of a text, which makes broken
// expressions, patterns, schedules, iterators and ciphertexts.
func (m *mutator) mutateText(text string) any {
	if len(text) == 0 || len(text) > 4096 {
		return m.anything()
	}
	i := m.random.IntN(len(text) + 1)
	j := i + m.random.IntN(len(text)+1-i)
	switch m.random.IntN(4) {
	case 0:
		return text[:i] + text[j:]
	case 1:
		return text[:j] + text[i:]
	case 2:
		pieces := []string{"(", ")", "[0]", "[", ".", ",", " AND ", ":a", "#n", "=", "size(", "?", "*", "#", "L", "-", "/", "|", "{", "\"", "9999999999", "\x00"}
		return text[:i] + pieces[m.random.IntN(len(pieces))] + text[j:]
	}
	return m.anything()
}

func (m *mutator) anything() any {
	values := []any{
		nil, true, "", "x", 0, -1, 1, 1 << 40, 1e300, []any{}, []any{nil}, map[string]any{}, map[string]any{"": nil},
		map[string]any{"S": ""}, map[string]any{"N": "1e400"}, map[string]any{"M": map[string]any{}}, map[string]any{"L": []any{}},
		map[string]any{"NS": []any{"1", "01"}}, map[string]any{"NULL": true}, map[string]any{"N": "-0.0"},
	}
	return values[m.random.IntN(len(values))]
}
