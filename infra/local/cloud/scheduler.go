package cloud

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

var schedulerAPI = api{name: "scheduler"}

// defaultGroup is the schedule group every account has.
const defaultGroup = "default"

// scheduleStore is Amazon EventBridge Scheduler.
type scheduleStore struct {
	cloud  *Cloud
	mu     sync.Mutex
	groups map[string]map[string]*scheduled // Schedules by group and name.
}

// schedule is both the input of CreateSchedule and the answer of GetSchedule.
type schedule struct {
	Name                       string
	GroupName                  string
	Arn                        string          `json:",omitempty"`
	Description                string          `json:",omitempty"`
	ScheduleExpression         string          `json:",omitempty"`
	ScheduleExpressionTimezone string          `json:",omitempty"`
	StartDate                  *float64        `json:",omitempty"` // Seconds since the epoch.
	EndDate                    *float64        `json:",omitempty"` // Seconds since the epoch.
	State                      string          `json:",omitempty"` // ENABLED or DISABLED.
	ActionAfterCompletion      string          `json:",omitempty"` // NONE or DELETE.
	FlexibleTimeWindow         json.RawMessage `json:",omitempty"` // Kept, but firing is punctual.
	KmsKeyArn                  string          `json:",omitempty"`
	Target                     *scheduleTarget `json:",omitempty"`
	CreationDate               int64           `json:",omitempty"` // Seconds since the epoch.
}

type scheduleTarget struct {
	Arn              string
	RoleArn          string
	Input            string            `json:",omitempty"`
	RetryPolicy      *retryPolicy      `json:",omitempty"`
	DeadLetterConfig *deadLetterConfig `json:",omitempty"`
	SqsParameters    *sqsParameters    `json:",omitempty"`
}

type sqsParameters struct {
	MessageGroupId string
}

// scheduled is a stored schedule with the state of its firing.
type scheduled struct {
	schedule
	Created time.Time
	Next    time.Time // When it fires next; zero for never.
}

func (s *schedule) resource() string {
	if s.GroupName == "" {
		return s.Name
	}
	return s.GroupName + "/" + s.Name
}

func newScheduleStore(c *Cloud) *scheduleStore {
	s := &scheduleStore{cloud: c, groups: map[string]map[string]*scheduled{defaultGroup: {}}}
	route(c, schedulerAPI, "CreateSchedule", "POST /schedules/{Name}", locked(&s.mu, s.create))
	route(c, schedulerAPI, "UpdateSchedule", "PUT /schedules/{Name}", locked(&s.mu, s.update))
	route(c, schedulerAPI, "GetSchedule", "GET /schedules/{Name}", locked(&s.mu, s.get))
	route(c, schedulerAPI, "DeleteSchedule", "DELETE /schedules/{Name}", locked(&s.mu, s.delete))
	route(c, schedulerAPI, "ListSchedules", "GET /schedules", locked(&s.mu, s.list))
	route(c, schedulerAPI, "CreateScheduleGroup", "POST /schedule-groups/{Name}", locked(&s.mu, s.createGroup))
	route(c, schedulerAPI, "GetScheduleGroup", "GET /schedule-groups/{Name}", locked(&s.mu, s.getGroup))
	route(c, schedulerAPI, "DeleteScheduleGroup", "DELETE /schedule-groups/{Name}", locked(&s.mu, s.deleteGroup))
	return s
}

func (s *scheduleStore) notFound(kind, name string) *Error {
	return &Error{Code: "ResourceNotFoundException", Message: kind + " " + name + " does not exist.", Status: http.StatusNotFound}
}

func (s *scheduleStore) conflict(kind, name string) *Error {
	return &Error{Code: "ConflictException", Message: kind + " " + name + " already exists.", Status: http.StatusConflict}
}

// group finds the group of a request and sets its name when it is implied.
func (s *scheduleStore) group(in *schedule) (map[string]*scheduled, error) {
	if in.GroupName == "" {
		in.GroupName = defaultGroup
	}
	group := s.groups[in.GroupName]
	if group == nil {
		return nil, s.notFound("Schedule group", in.GroupName)
	}
	return group, nil
}

func (s *scheduleStore) find(in *schedule) (*scheduled, error) {
	group, err := s.group(in)
	if err != nil {
		return nil, err
	}
	found := group[in.Name]
	if found == nil {
		return nil, s.notFound("Schedule", in.Name)
	}
	return found, nil
}

func (s *scheduleStore) create(in *schedule) (object, error) {
	group, err := s.group(in)
	if err != nil {
		return nil, err
	}
	if group[in.Name] != nil {
		return nil, s.conflict("Schedule", in.Name)
	}
	return s.put(group, in)
}

func (s *scheduleStore) update(in *schedule) (object, error) {
	if _, err := s.find(in); err != nil {
		return nil, err
	}
	return s.put(s.groups[in.GroupName], in)
}

// put stores a schedule that begins to count now.
func (s *scheduleStore) put(group map[string]*scheduled, in *schedule) (object, error) {
	if !scheduleName.MatchString(in.Name) {
		return nil, invalid("The name of the schedule is not valid.")
	}
	if in.Target == nil || in.Target.Arn == "" {
		return nil, invalid("The schedule has no target.")
	}
	for _, date := range []*float64{in.StartDate, in.EndDate} {
		if at := seconds(date); date != nil && (*date < 0 || *date > 1<<40 || at.Year() > lastYear) {
			return nil, invalid("The dates of the schedule are out of range.")
		}
	}
	stored := &scheduled{schedule: *in, Created: s.cloud.Now()}
	stored.Arn = s.cloud.arn("scheduler", "schedule/"+in.GroupName+"/"+in.Name)
	stored.CreationDate = stored.Created.Unix()
	if stored.State == "" {
		stored.State = "ENABLED"
	}
	_, first, err := stored.times()
	if err != nil {
		return nil, err
	}
	stored.Next = first
	group[in.Name] = stored
	return object{"ScheduleArn": stored.Arn}, nil
}

// times returns when the schedule fires, and the first time of all.
func (s *scheduled) times() (timetable, time.Time, error) {
	zone, err := time.LoadLocation(s.ScheduleExpressionTimezone)
	if err != nil {
		return nil, time.Time{}, invalid("Invalid ScheduleExpressionTimezone %s.", s.ScheduleExpressionTimezone)
	}
	start := s.Created
	if begin := seconds(s.StartDate); begin.After(start) {
		start = begin
	}
	return parseSchedule(s.ScheduleExpression, zone, start)
}

// seconds converts a wire time stamp; nil is the zero time.
func seconds(epoch *float64) time.Time {
	if epoch == nil {
		return time.Time{}
	}
	return time.Unix(int64(*epoch), 0)
}

func (s *scheduleStore) get(in *schedule) (*schedule, error) {
	found, err := s.find(in)
	if err != nil {
		return nil, err
	}
	answer := found.schedule
	return &answer, nil
}

func (s *scheduleStore) delete(in *schedule) (object, error) {
	if _, err := s.find(in); err != nil {
		return nil, err
	}
	delete(s.groups[in.GroupName], in.Name)
	return object{}, nil
}

type scheduleListRequest struct {
	ScheduleGroup string
	NamePrefix    string
}

func (s *scheduleStore) list(in *scheduleListRequest) (object, error) {
	list := []object{}
	for _, group := range slices.Sorted(maps.Keys(s.groups)) {
		if in.ScheduleGroup != "" && in.ScheduleGroup != group {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.groups[group])) {
			if !strings.HasPrefix(name, in.NamePrefix) {
				continue
			}
			found := s.groups[group][name]
			list = append(list, object{
				"Name":      name,
				"GroupName": group,
				"Arn":       found.Arn,
				"State":     found.State,
				"Target":    object{"Arn": found.Target.Arn},
			})
		}
	}
	return object{"Schedules": list}, nil
}

func (s *scheduleStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.groups)
}

func (s *scheduleStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups = nil // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.groups)
}
