package cloud

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// cron is an AWS cron expression: minutes, hours, day of month, month, day of
// week and year ("Cron-based schedules", EventBridge Scheduler User Guide).
// Fields take *, lists, ranges and steps; the day fields also ?, and L, nW,
// nL and n#m.
type cron struct {
	minutes  []bool
	hours    []bool
	months   []bool
	years    []bool // From firstYear.
	monthDay dayField
	weekDay  dayField
	zone     *time.Location
}

const (
	firstYear = 1970
	lastYear  = 2199
)

// dayField decides whether a day fits; nil for "?".
type dayField func(day time.Time) bool

func parseCron(text string, zone *time.Location) (*cron, bool) {
	fields := strings.Fields(strings.ToUpper(text))
	if len(fields) != 6 || (fields[2] == "?") == (fields[4] == "?") {
		return nil, false
	}
	c := &cron{zone: zone}
	var ok [6]bool
	c.minutes, ok[0] = parseField(fields[0], 0, 59, nil)
	c.hours, ok[1] = parseField(fields[1], 0, 23, nil)
	c.monthDay, ok[2] = parseMonthDay(fields[2])
	c.months, ok[3] = parseField(fields[3], 1, 12, monthNames)
	c.weekDay, ok[4] = parseWeekDay(fields[4])
	c.years, ok[5] = parseField(fields[5], firstYear, lastYear, nil)
	return c, ok == [6]bool{true, true, true, true, true, true}
}

var (
	monthNames = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
	dayNames   = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}
)

// next finds the first fitting minute after a time, day by day.
func (c *cron) next(after time.Time) time.Time {
	from := after.In(c.zone).Truncate(time.Minute).Add(time.Minute)
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, c.zone)
	for day.Year() <= lastYear && day.Year() >= firstYear {
		if c.fits(day) {
			if found := c.within(day, from); !found.IsZero() {
				return found
			}
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, c.zone)
	}
	return time.Time{}
}

func (c *cron) fits(day time.Time) bool {
	if !c.years[day.Year()-firstYear] || !c.months[day.Month()-1] {
		return false
	}
	if c.monthDay != nil {
		return c.monthDay(day)
	}
	return c.weekDay(day)
}

// within finds the first fitting minute of a day that is not before from.
// Times that a daylight saving change skips do not fire.
func (c *cron) within(day, from time.Time) time.Time {
	for hour, ok := range c.hours {
		for minute := range c.minutes {
			if !ok || !c.minutes[minute] {
				continue
			}
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, c.zone)
			if at.Hour() == hour && !at.Before(from) {
				return at
			}
		}
	}
	return time.Time{}
}

// parseField reads a field into a set whose first element stands for low.
func parseField(text string, low, high int, names []string) ([]bool, bool) {
	set := make([]bool, high-low+1)
	for part := range strings.SplitSeq(text, ",") {
		span, stepText, hasStep := strings.Cut(part, "/")
		step := 1
		if hasStep {
			n, err := strconv.Atoi(stepText)
			if err != nil || n < 1 {
				return nil, false
			}
			step = n
		}
		first, last, ok := parseRange(span, low, high, names, hasStep)
		if !ok {
			return nil, false
		}
		for n := first; n <= last; n += step {
			set[n-low] = true
		}
	}
	return set, true
}

// parseRange reads "*", "n" or "n-m". A single number with a step runs to the
// end of the field.
func parseRange(span string, low, high int, names []string, open bool) (first, last int, ok bool) {
	if span == "*" {
		return low, high, true
	}
	from, to, isRange := strings.Cut(span, "-")
	first, ok = parseNumber(from, low, names)
	if !ok {
		return 0, 0, false
	}
	last = first
	switch {
	case isRange:
		last, ok = parseNumber(to, low, names)
	case open:
		last = high
	}
	return first, last, ok && low <= first && first <= last && last <= high
}

func parseNumber(text string, low int, names []string) (int, bool) {
	if i := slices.Index(names, text); i >= 0 {
		return low + i, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// parseMonthDay reads the day of month: numbers, L for the last day, or nW
// for the weekday nearest to the nth.
func parseMonthDay(text string) (dayField, bool) {
	if text == "?" {
		return nil, true
	}
	if text == "L" {
		return func(day time.Time) bool { return day.Day() == lastDay(day) }, true
	}
	if number, ok := strings.CutSuffix(text, "W"); ok {
		n, err := strconv.Atoi(number)
		return func(day time.Time) bool { return day.Day() == nearestWeekday(day, n) }, err == nil && n >= 1 && n <= 31
	}
	set, ok := parseField(text, 1, 31, nil)
	return func(day time.Time) bool { return set[day.Day()-1] }, ok
}

func lastDay(day time.Time) int {
	return time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// nearestWeekday returns the working day nearest to the nth of day's month,
// within the month.
func nearestWeekday(day time.Time, n int) int {
	last := lastDay(day)
	n = min(n, last)
	switch time.Date(day.Year(), day.Month(), n, 0, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		if n == 1 {
			return n + 2
		}
		return n - 1
	case time.Sunday:
		if n == last {
			return n - 2
		}
		return n + 1
	}
	return n
}

// parseWeekDay reads the day of week, 1 for Sunday to 7: numbers or names, nL
// for the last such day of the month, or n#m for the mth.
func parseWeekDay(text string) (dayField, bool) {
	if text == "?" {
		return nil, true
	}
	if text == "L" {
		return func(day time.Time) bool { return day.Weekday() == time.Saturday }, true
	}
	name, nth, isNth := strings.Cut(text, "#")
	name, isLast := strings.CutSuffix(name, "L")
	if !isNth && !isLast {
		set, ok := parseField(text, 1, 7, dayNames)
		return func(day time.Time) bool { return set[day.Weekday()] }, ok
	}
	number, ok := parseNumber(name, 1, dayNames)
	if !ok || number < 1 || number > 7 {
		return nil, false
	}
	weekday := time.Weekday(number - 1)
	if isLast {
		return func(day time.Time) bool {
			return day.Weekday() == weekday && day.Day()+7 > lastDay(day)
		}, !isNth
	}
	week, err := strconv.Atoi(nth)
	return func(day time.Time) bool {
		return day.Weekday() == weekday && (day.Day()-1)/7+1 == week
	}, err == nil && week >= 1 && week <= 5
}
