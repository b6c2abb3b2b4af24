package rig

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Usage is what a process has used since its start.
type Usage struct {
	CPU    time.Duration // On a processor, of all threads that live.
	Faults int           // Page faults, with and without reading from a disk.
	Memory int64         // Bytes resident now.
	Peak   int64         // Bytes resident at most.
}

var errStat = errors.New("/proc does not say what the process used")

// Usage returns what the process has used until now. A peak is that of the process
// alone: getrusage(2) tells that of its parent as well, execve(2) keeps it.
func (i *Instance) Usage() (Usage, error) {
	directory := fmt.Sprintf("/proc/%d", i.cmd.Process.Pid)
	var u Usage
	stat, err := os.ReadFile(directory + "/stat")
	if err != nil {
		return u, fmt.Errorf("read the page faults: %w", err)
	}
	// The name of the process may hold anything; what follows it begins with
	// the third field of proc(5).
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 10 {
		return u, errStat
	}
	u.Faults = int(number(fields[7]) + number(fields[9]))
	status, err := os.ReadFile(directory + "/status")
	if err != nil {
		return u, fmt.Errorf("read the memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if size, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			u.Memory = number(size) << 10
		} else if size, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			u.Peak = number(size) << 10
		}
	}
	threads, err := filepath.Glob(directory + "/task/*/schedstat")
	if err != nil {
		return u, fmt.Errorf("find the threads: %w", err)
	}
	for _, thread := range threads {
		if text, err := os.ReadFile(thread); err == nil { // Else it has just ended.
			u.CPU += time.Duration(number(string(text)))
		}
	}
	if u.CPU == 0 {
		return u, errStat
	}
	return u, nil
}

// number is the first of a text; 0 of one that has none.
func number(text string) int64 {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
