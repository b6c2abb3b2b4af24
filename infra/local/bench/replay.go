package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/infra/local/bench/rig"
	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/dev"
	"github.com/tenonhq/tenon/shared/environ"
)

// eventOrigin is the origin of the API in the sample events.
const eventOrigin = "https://api.tenon.example"

// player sends the sample events to the functions, each in a process of its own
// and as its own role, in front of a local AWS that nobody else uses.
type player struct {
	root, binaries string
	cloud          *cloud.Cloud
	stage          *stage
	sessions       map[string]map[string]string
	provider       *Provider
	providers      string            // Origin of the provider.
	names          map[string]string // What stands for a name of the events.
	trust          map[string]string // The variables with which a process trusts the AWS.
	kept           map[string]*rig.Instance
	sent           int
	close          func()
}

// newPlayer makes the stage and the records that the events name.
func newPlayer(ctx context.Context, root, binaries string) (*player, error) {
	return openPlayer(ctx, root, binaries, httptest.NewServer)
}

// openPlayer is newPlayer with AWS behind a server of a kind.
func openPlayer(ctx context.Context, root, binaries string, serve func(http.Handler) *httptest.Server) (*player, error) {
	p := &player{root: root, binaries: binaries, cloud: cloud.New(), provider: NewProvider(), names: map[string]string{}}
	local, provider := serve(p.cloud), httptest.NewServer(p.provider)
	p.close = func() { local.Close(); provider.Close() }
	trust, err := trusting(local)
	if err != nil {
		p.close()
		return nil, err
	}
	p.trust = trust
	p.cloud.BaseURL, p.providers = local.URL, provider.URL
	if p.stage, err = openStage(ctx, root, p.cloud, eventOrigin); err == nil {
		p.sessions, err = dev.Enforce(p.cloud, p.stage.manifest)
	}
	if err == nil {
		err = p.seed(ctx)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// start starts a function.
func (p *player) start(ctx context.Context, function string) (*rig.Instance, error) {
	variables := maps.Clone(p.sessions[function])
	if variables == nil {
		variables = map[string]string{}
	}
	variables[environ.PublicURL] = eventOrigin
	maps.Copy(variables, p.trust)
	return rig.Start(ctx, p.stage.function(p.binaries, function, variables))
}

// step is an event that is sent, and how it differs from the file.
type step struct {
	event  string            // As in events: "connection-lease.minimum-lifetime".
	body   string            // In its place, where not empty.
	header map[string]string // Besides.
	as     string            // The name in the events of what is made.
	past   string            // A connection whose token, and whose due work, is of the past.
}

// function is the one that an event is for.
func (s step) function() string {
	name, _, _ := strings.Cut(s.event, ".")
	return name
}

// play sends an event to a new process and notes what the answer tells of names.
func (p *player) play(ctx context.Context, s step) error {
	if s.past != "" {
		return p.expire(ctx, s.past)
	}
	i, err := p.instance(ctx, s.function())
	if err != nil {
		return err
	}
	a, err := p.send(ctx, i, s)
	if p.kept == nil {
		err = errors.Join(err, i.Close())
	}
	if err != nil {
		return fmt.Errorf("play %s: %w", s.event, err)
	}
	if a.Status >= 400 {
		return fmt.Errorf("play %s: got %d %s", s.event, a.Status, a.Body)
	}
	return p.learn(s, a)
}

// instance is a new process, or the one that is kept.
func (p *player) instance(ctx context.Context, function string) (*rig.Instance, error) {
	if i := p.kept[function]; i != nil {
		return i, nil
	}
	i, err := p.start(ctx, function)
	if err == nil && p.kept != nil {
		p.kept[function] = i
	}
	return i, err
}

// release ends the processes that are kept.
func (p *player) release() error {
	var errs []error
	for _, i := range p.kept {
		errs = append(errs, i.Close())
	}
	p.kept = nil
	return errors.Join(errs...)
}

// reply is what functions answer, each kind with members of its own.
type reply struct {
	Status   int               `json:"statusCode"`
	Headers  map[string]string `json:"headers"`
	Cookies  []string          `json:"cookies"`
	Body     string            `json:"body"`
	Failures []any             `json:"batchItemFailures"`
}

// String says how the function fared.
func (a reply) String() string {
	switch {
	case a.Status != 0:
		return strconv.Itoa(a.Status)
	case len(a.Failures) > 0:
		return "failed"
	}
	return "done"
}

// send sends an event to a process.
func (p *player) send(ctx context.Context, i *rig.Instance, s step) (reply, error) {
	event, err := p.event(s)
	if err != nil {
		return reply{}, err
	}
	body, _, err := i.Invoke(ctx, event)
	if err != nil {
		return reply{}, err
	}
	var a reply
	if err := json.Unmarshal(body, &a); err != nil {
		return reply{}, fmt.Errorf("read the answer: %w", err)
	}
	return a, nil
}

func (p *player) path(event string) string { return filepath.Join(p.root, "events", event+".json") }
