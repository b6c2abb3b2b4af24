package gateway

import "syscall"

// childAttributes puts a function into its own process group, so that Ctrl-C
// in a terminal reaches only the gateway, and lets the kernel end it should
// the gateway die without Close.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
