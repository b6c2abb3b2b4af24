package rig

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// limit is a control group that a process is held in.
type limit struct{ directory string }

// period is how long a share of the processor lasts, in microseconds: short, so
// that a process is held back as evenly as on Lambda.
const period = 20_000

// ErrNoLimit says that this machine lets nobody limit a process.
var ErrNoLimit = errors.New("there is no control group to limit a process with")

// Limit leaves the process so many processors from now on, such as 0.145: Lambda
// gives a function its megabytes of memory / 1769. It needs cgroups(7), of either
// version, and the right to make one; the error is ErrNoLimit without.
func (i *Instance) Limit(processors float64) error {
	share := max(int(processors*period), 1000) // The kernel takes no less than 1 ms.
	name := fmt.Sprintf("tenon-rig-%d", i.cmd.Process.Pid)
	for _, version := range []struct {
		root  string
		probe string
		files [][2]string
	}{
		{"/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", [][2]string{{"cpu.cfs_period_us", strconv.Itoa(period)}, {"cpu.cfs_quota_us", strconv.Itoa(share)}}},
		{"/sys/fs/cgroup", "cgroup.controllers", [][2]string{{"cpu.max", fmt.Sprintf("%d %d", share, period)}}},
	} {
		if _, err := os.Stat(filepath.Join(version.root, version.probe)); err != nil {
			continue
		}
		l := &limit{directory: filepath.Join(version.root, name)}
		if err := os.Mkdir(l.directory, 0o755); err != nil {
			return fmt.Errorf("%w: %w", ErrNoLimit, err)
		}
		i.limit = l
		for _, file := range append(version.files, [2]string{"cgroup.procs", strconv.Itoa(i.cmd.Process.Pid)}) {
			if err := os.WriteFile(filepath.Join(l.directory, file[0]), []byte(file[1]), 0); err != nil {
				return fmt.Errorf("%w: %w", ErrNoLimit, err)
			}
		}
		return nil
	}
	return ErrNoLimit
}

// remove removes the group, whose process has ended.
func (l *limit) remove() error {
	if l == nil {
		return nil
	}
	return os.Remove(l.directory)
}
