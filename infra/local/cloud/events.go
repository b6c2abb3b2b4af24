package cloud

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

var eventsAPI = api{wire: "AWSEvents", name: "eventbridge"}

// defaultBus is the bus every account has, the only one with scheduled rules.
const defaultBus = "default"

// eventStore is Amazon EventBridge: buses, rules with patterns or schedules,
// and targets.
type eventStore struct {
	cloud *Cloud
	mu    sync.Mutex
	buses map[string]map[string]*rule // Rules by bus and name.
}

type rule struct {
	Name               string
	ARN                string
	EventPattern       string
	ScheduleExpression string
	State              string // ENABLED or DISABLED.
	Targets            []eventTarget
	Created            time.Time
	Next               time.Time // When a scheduled rule fires next; zero for never.
}

// eventTarget is where a rule sends its events.
type eventTarget struct {
	Id               string
	Arn              string
	Input            string            `json:",omitempty"`
	InputPath        string            `json:",omitempty"`
	InputTransformer *inputTransformer `json:",omitempty"`
	DeadLetterConfig deadLetterConfig
	RetryPolicy      retryPolicy
	SqsParameters    struct{ MessageGroupId string }
}

// eventRequest is any operation of the service.
type eventRequest struct {
	Name               string
	Rule               string
	EventBusName       string
	EventPattern       string
	ScheduleExpression string
	State              string
	Event              string
	ArchiveName        string
	Targets            []eventTarget
	Entries            []eventEntry
}

func (r *eventRequest) resource() string {
	for _, name := range []string{r.Rule, r.Name, r.EventBusName, r.ArchiveName} {
		if name != "" {
			return name
		}
	}
	if len(r.Entries) > 0 {
		return r.Entries[0].EventBusName
	}
	return ""
}

// eventEntry is one event of PutEvents.
type eventEntry struct {
	Source       string
	DetailType   string
	Detail       string
	EventBusName string
	Resources    []string
	Time         *float64 // Seconds since the epoch.
}

func newEventStore(c *Cloud) *eventStore {
	s := &eventStore{cloud: c, buses: map[string]map[string]*rule{defaultBus: {}}}
	handle(c, eventsAPI, "CreateEventBus", locked(&s.mu, s.createBus))
	handle(c, eventsAPI, "CreateArchive", locked(&s.mu, s.createArchive))
	handle(c, eventsAPI, "PutRule", locked(&s.mu, s.putRule))
	handle(c, eventsAPI, "PutTargets", locked(&s.mu, s.putTargets))
	handle(c, eventsAPI, "TestEventPattern", testPattern)
	handleContext(c, eventsAPI, "PutEvents", s.putEvents)
	return s
}

// busOf returns the name of a bus given by name or ARN.
func busOf(name string) string {
	if name == "" {
		return defaultBus
	}
	return lastElement(name, ":event-bus/")
}

func (s *eventStore) createBus(in *eventRequest) (object, error) {
	if !busName.MatchString(in.Name) {
		return nil, invalid("Invalid event bus name.")
	}
	if s.buses[in.Name] != nil {
		return nil, errorf("ResourceAlreadyExistsException", "Event bus %s already exists.", in.Name)
	}
	s.buses[in.Name] = map[string]*rule{}
	return object{"EventBusArn": s.cloud.arn("events", "event-bus/"+in.Name)}, nil
}

// createArchive accepts an archive, which stores nothing.
func (s *eventStore) createArchive(in *eventRequest) (object, error) {
	return object{"ArchiveArn": s.cloud.arn("events", "archive/"+in.ArchiveName), "State": "ENABLED"}, nil
}

func (s *eventStore) putRule(in *eventRequest) (object, error) {
	bus := busOf(in.EventBusName)
	rules := s.buses[bus]
	if rules == nil {
		return nil, errorf("ResourceNotFoundException", "Event bus %s does not exist.", in.EventBusName)
	}
	if err := checkRule(in, bus); err != nil {
		return nil, err
	}
	r := &rule{Name: in.Name, ARN: s.cloud.arn("events", "rule/"+in.Name), Created: s.cloud.Now()}
	if bus != defaultBus {
		r.ARN = s.cloud.arn("events", "rule/"+bus+"/"+in.Name)
	}
	if old := rules[in.Name]; old != nil {
		r.Targets = old.Targets
	}
	r.EventPattern = in.EventPattern
	r.ScheduleExpression = in.ScheduleExpression
	r.State = in.State
	if r.ScheduleExpression != "" {
		_, first, err := parseSchedule(r.ScheduleExpression, time.UTC, r.Created)
		if err != nil {
			return nil, err
		}
		r.Next = first
	}
	rules[in.Name] = r
	return object{"RuleArn": r.ARN}, nil
}

func checkRule(in *eventRequest, bus string) error {
	switch {
	case !ruleName.MatchString(in.Name):
		return invalid("Invalid rule name.")
	case in.EventPattern == "" && in.ScheduleExpression == "":
		return invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	case in.ScheduleExpression != "" && bus != defaultBus:
		return invalid("ScheduleExpression is supported only on the default event bus.")
	}
	if in.EventPattern == "" {
		return nil
	}
	_, err := parsePattern(in.EventPattern)
	return err
}

func (s *eventStore) putTargets(in *eventRequest) (object, error) {
	r := s.buses[busOf(in.EventBusName)][in.Rule]
	if r == nil {
		return nil, errorf("ResourceNotFoundException", "Rule %s does not exist.", in.Rule)
	}
	for _, target := range in.Targets {
		r.Targets = slices.DeleteFunc(r.Targets, func(old eventTarget) bool { return old.Id == target.Id })
		r.Targets = append(r.Targets, target)
	}
	return object{"FailedEntryCount": 0, "FailedEntries": []object{}}, nil
}

// putEvents sends each event to the targets of the rules it matches.
func (s *eventStore) putEvents(ctx context.Context, in *eventRequest) (object, error) {
	if n := len(in.Entries); n == 0 || n > maxEntries {
		return nil, invalid("1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to %d", maxEntries)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	results := []object{}
	failed := 0
	for _, entry := range in.Entries {
		event, err := s.event(entry)
		if err != nil {
			failure := asError(err)
			results = append(results, object{"ErrorCode": failure.Code, "ErrorMessage": failure.Message})
			failed++
			continue
		}
		s.publish(ctx, busOf(entry.EventBusName), event)
		results = append(results, object{"EventId": event["id"]})
	}
	return object{"FailedEntryCount": failed, "Entries": results}, nil
}

// event builds the envelope that rules match and targets receive.
func (s *eventStore) event(entry eventEntry) (object, error) {
	var detail object
	if err := json.Unmarshal([]byte(entry.Detail), &detail); err != nil || detail == nil {
		return nil, errorf("MalformedDetail", "Detail is malformed.")
	}
	if entry.Source == "" || entry.DetailType == "" {
		return nil, errorf("InvalidArgument", "Parameters Source and DetailType must not be empty.")
	}
	at := s.cloud.Now()
	if entry.Time != nil {
		at = time.Unix(int64(*entry.Time), 0)
	}
	resources := []any{}
	for _, name := range entry.Resources {
		resources = append(resources, name)
	}
	return s.envelope(entry.Source, entry.DetailType, at, resources, detail), nil
}

func (s *eventStore) envelope(source, detailType string, at time.Time, resources []any, detail object) object {
	return object{
		"version":     "0",
		"id":          newUUID(),
		"detail-type": detailType,
		"source":      source,
		"account":     s.cloud.Account,
		"time":        at.UTC().Format(time.RFC3339),
		"region":      s.cloud.Region,
		"resources":   resources,
		"detail":      detail,
	}
}

func (s *eventStore) publish(ctx context.Context, bus string, event object) {
	rules := s.buses[bus]
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		r := rules[name]
		if r.EventPattern == "" || r.State == "DISABLED" {
			continue
		}
		pattern, err := parsePattern(r.EventPattern)
		if err == nil && matches(pattern, event) {
			s.send(ctx, r, event)
		}
	}
}

func (s *eventStore) send(ctx context.Context, r *rule, event object) {
	for _, target := range r.Targets {
		s.cloud.deliver(ctx, delivery{
			from:    sender{service: "events.amazonaws.com", source: r.ARN},
			target:  target.Arn,
			group:   target.SqsParameters.MessageGroupId,
			payload: target.payload(event),
			retries: target.RetryPolicy,
			dead:    target.DeadLetterConfig,
		})
	}
}

// fire sends the events of the scheduled rules that are due.
func (s *eventStore) fire(ctx context.Context) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cloud.Now()
	fired := 0
	rules := s.buses[defaultBus]
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		r := rules[name]
		if r.Next.IsZero() || now.Before(r.Next) || r.State == "DISABLED" {
			continue
		}
		times, _, err := parseSchedule(r.ScheduleExpression, time.UTC, r.Created)
		if err != nil {
			continue
		}
		s.send(ctx, r, s.envelope("aws.events", "Scheduled Event", r.Next, []any{r.ARN}, object{}))
		r.Next = times.next(now)
		s.cloud.changes.Add(1)
		fired++
	}
	return fired
}

func (s *eventStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.buses)
}

func (s *eventStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buses = nil // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.buses)
}
