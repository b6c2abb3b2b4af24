package dev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/infra/local/gateway"
	"github.com/tenonhq/tenon/infra/local/issuer"
	"github.com/tenonhq/tenon/infra/local/template"
	"github.com/tenonhq/tenon/shared/environ"
)

// functionPrefix precedes the names of functions, as in the committed
// templates, and of what those leave without a name.
const functionPrefix = "tenon-dev-"

// committedStage is the stage of the committed templates.
const committedStage = "dev"

// idleStop is when the process of an unused function ends.
const idleStop = 10 * time.Minute

// stack is everything that runs behind the one port.
type stack struct {
	ctx        context.Context // Of the background work.
	cancel     context.CancelFunc
	background sync.WaitGroup

	aws     *awsBackend
	gateway *gateway.Gateway
	surface surface
}

// start opens the stack in the order in which its parts need each other.
func start(ctx context.Context, cfg Config, binaries string) (*stack, error) {
	s := &stack{}
	s.ctx, s.cancel = context.WithCancel(ctx)
	if err := s.open(ctx, cfg, binaries); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *stack) open(ctx context.Context, cfg Config, binaries string) error {
	tokens, provider, err := openDev(cfg)
	if err != nil {
		return err
	}
	s.surface = surface{port: cfg.Port, issuer: tokens, crm: provider}
	s.aws, err = openAWS(cfg)
	if err != nil {
		return err
	}
	manifest, err := applyTemplates(ctx, cfg, s.aws.config)
	if err != nil {
		return err
	}
	if err := verifySenders(ctx, s.aws.config, manifest); err != nil {
		return err
	}
	warnOfMissing(cfg, manifest, binaries)
	sessions, err := s.aws.sessions(manifest)
	if err != nil {
		return fmt.Errorf("enforce the roles of the templates: %w", err)
	}
	s.gateway, err = gateway.New(gatewayConfig(cfg, manifest, s.aws, sessions, binaries))
	if err != nil {
		return fmt.Errorf("start the gateway: %w", err)
	}
	s.aws.invokeWith(s.gateway, manifest)
	s.surface.api, s.surface.invocations = s.gateway, s.gateway.Invocations()
	return nil
}

// stop ends what start began, the users of a thing before the thing, and saves
// the state.
func (s *stack) stop() error {
	var errs []error
	s.cancel()
	if s.gateway != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		errs = append(errs, s.gateway.Close(ctx))
	}
	s.background.Wait()
	if s.aws != nil {
		errs = append(errs, s.aws.close())
	}
	if s.surface.crm != nil {
		errs = append(errs, s.surface.crm.Close())
	}
	return errors.Join(errs...)
}

// applyTemplates creates what the committed templates describe.
func applyTemplates(ctx context.Context, cfg Config, awsConfig aws.Config) (template.Manifest, error) {
	files, err := filepath.Glob(filepath.Join(cfg.Templates, "*.json"))
	if err != nil {
		return template.Manifest{}, fmt.Errorf("find templates: %w", err)
	}
	if len(files) == 0 {
		return template.Manifest{}, fmt.Errorf("no templates in %s", cfg.Templates)
	}
	var texts [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return template.Manifest{}, fmt.Errorf("read template: %w", err)
		}
		texts = append(texts, template.Restage(text, committedStage, environ.LocalStage))
	}
	created := 0
	manifest, err := template.Apply(ctx, awsConfig, template.Options{
		Prefix:      functionPrefix,
		APIEndpoint: cfg.publicURL(),
		Progress:    func(string) { created++ },
	}, texts...)
	if err != nil {
		return template.Manifest{}, fmt.Errorf("apply templates: %w", err)
	}
	_, _ = fmt.Fprintf(cfg.Out, "aws: %d resources created; %d functions, %d routes, %d queues, %d schedules\n",
		created, len(manifest.Functions), len(manifest.Routes), len(manifest.Queues), len(manifest.Schedules))
	return manifest, nil
}

// gatewayConfig turns the manifest into what the gateway runs. Every authorizer
// trusts the local issuer instead of the deployed one.
func gatewayConfig(cfg Config, manifest template.Manifest, backend *awsBackend, sessions map[string]map[string]string, binaries string) gateway.Config {
	out := gateway.Config{
		AWS:       backend.config,
		Prefix:    functionPrefix,
		Processes: cfg.Processes,
		IdleStop:  idleStop,
		Log:       cfg.Out,
		Environment: merged(backend.environment, map[string]string{
			environ.Stage:     environ.LocalStage,
			environ.PublicURL: cfg.publicURL(),

			environ.Issuer:        cfg.issuerURL(),
			environ.ConsoleClient: issuer.ConsoleClient,
		}),
	}
	out.CORS = sharing(cfg, manifest)
	for _, f := range manifest.Functions {
		out.Functions = append(out.Functions, gateway.Function{
			Name: f.Name, Binary: filepath.Join(binaries, f.Name), Env: merged(f.Env, sessions[f.Name]), Timeout: f.Timeout, MemoryMB: f.MemoryMB,
			Concurrency: min(f.ReservedConcurrency, cfg.Processes), DeadLetterQueueARN: f.DeadLetterQueueARN,
		})
	}
	for _, r := range manifest.Routes {
		route := gateway.Route{Key: r.Key, Function: r.Function, Scopes: r.Scopes}
		if r.Auth != nil {
			route.Auth = &gateway.JWT{Issuer: cfg.issuerURL(), Audience: []string{issuer.Audience}}
		}
		out.Routes = append(out.Routes, route)
	}
	for _, q := range manifest.Queues {
		out.Queues = append(out.Queues, gateway.Queue{
			URL: q.QueueURL, Function: q.Function, BatchSize: q.BatchSize,
			MaximumConcurrency: q.MaximumConcurrency, ReportBatchItemFailures: q.ReportBatchItemFailures,
		})
	}
	return out
}

// sharing is the CORS of the templates, for the origins of this environment.
func sharing(cfg Config, manifest template.Manifest) *gateway.CORS {
	if len(cfg.CORSOrigins) == 0 {
		return nil
	}
	if manifest.CORS == nil {
		_, _ = fmt.Fprintln(cfg.Out, "warning: the templates have no CORS; pages of other origins cannot call the API")
		return nil
	}
	return &gateway.CORS{
		Origins: cfg.CORSOrigins, Methods: manifest.CORS.Methods, Headers: manifest.CORS.Headers,
		ExposeHeaders: manifest.CORS.ExposeHeaders, MaxAge: manifest.CORS.MaxAge,
	}
}

// warnOfMissing names the functions that the templates have and the sources do
// not; they cannot answer.
func warnOfMissing(cfg Config, manifest template.Manifest, binaries string) {
	var missing []string
	for _, f := range manifest.Functions {
		if _, err := os.Stat(filepath.Join(binaries, f.Name)); err != nil {
			missing = append(missing, f.Name)
		}
	}
	if len(missing) > 0 {
		_, _ = fmt.Fprintf(cfg.Out, "warning: in the templates but not in functions: %s\n", strings.Join(missing, ", "))
	}
}

func merged(layers ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, layer := range layers {
		for name, value := range layer {
			out[name] = value
		}
	}
	return out
}
