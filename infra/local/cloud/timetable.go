package cloud

import (
	"strconv"
	"strings"
	"time"
)

// timetable says when a schedule or a rule fires.
type timetable interface {
	// next returns the first firing after a time; zero when there is none.
	next(after time.Time) time.Time
}

// parseSchedule reads an at(), rate() or cron() expression of a schedule that
// starts at the given time. It also returns the first firing, which for at()
// may lie before the start ("Schedule types in EventBridge Scheduler").
func parseSchedule(expression string, zone *time.Location, start time.Time) (timetable, time.Time, error) {
	bad := invalid("Invalid Schedule Expression %s.", expression)
	kind, argument, ok := strings.Cut(strings.TrimSuffix(expression, ")"), "(")
	if !ok || !strings.HasSuffix(expression, ")") {
		return nil, time.Time{}, bad
	}
	switch kind {
	case "at":
		at, err := time.ParseInLocation("2006-01-02T15:04:05", argument, zone)
		if err != nil {
			return nil, time.Time{}, bad
		}
		return once{}, at, nil
	case "rate":
		period := parseRate(argument)
		if period == 0 {
			return nil, time.Time{}, bad
		}
		times := every{start: start, period: period}
		return times, times.next(start), nil
	case "cron":
		times, ok := parseCron(argument, zone)
		if !ok {
			return nil, time.Time{}, bad
		}
		return times, times.next(start), nil
	}
	return nil, time.Time{}, bad
}

// once is an at() expression; it has no firing after the first.
type once struct{}

func (once) next(time.Time) time.Time { return time.Time{} }

// every is a rate() expression.
type every struct {
	start  time.Time
	period time.Duration
}

func (e every) next(after time.Time) time.Time {
	if after.Before(e.start) {
		return e.start.Add(e.period)
	}
	return e.start.Add((after.Sub(e.start)/e.period + 1) * e.period)
}

// parseRate reads "5 minutes"; it returns 0 for anything malformed.
func parseRate(text string) time.Duration {
	fields := strings.Fields(text)
	if len(fields) != 2 {
		return 0
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil || n < 1 || n > 1_000_000 {
		return 0
	}
	switch strings.TrimSuffix(fields[1], "s") {
	case "minute":
		return time.Duration(n) * time.Minute
	case "hour":
		return time.Duration(n) * time.Hour
	case "day":
		return min(time.Duration(n), 36_500) * 24 * time.Hour
	}
	return 0
}
