//go:build !linux

package gateway

import "syscall"

// childAttributes puts a function into its own process group, so that Ctrl-C
// in a terminal reaches only the gateway. Should the gateway die without
// Close, a function ends by itself when its Runtime API connection breaks.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
