package serverstest

import (
	"strings"
	"testing"
)

// AuthorizedKeys is the name of the file that says who may log in. It is read at
// every login.
const AuthorizedKeys = "authorized_keys"

// StartOpenSSH starts an sshd that knows the keys of its own user, which stand in
// the file AuthorizedKeys; without privileges it can check no password.
func StartOpenSSH(t *testing.T, hostKeys []Key, users ...Key) *Peer {
	t.Helper()
	sshd := Tool(t, "/usr/sbin/sshd", "/usr/local/sbin/sshd")
	p := NewPeer(t)
	lines := []string{
		"Port " + p.Port, "ListenAddress 127.0.0.1", "PidFile none", "StrictModes no", "UsePAM no", "Subsystem sftp internal-sftp",
		"PasswordAuthentication yes", "KbdInteractiveAuthentication no", "LogLevel DEBUG1",
	}
	for i, k := range hostKeys {
		lines = append(lines, "HostKey "+p.Write("host_key_"+string(rune('a'+i)), k.Private))
	}
	var known []string
	for _, k := range users {
		known = append(known, k.Authorized)
	}
	lines = append(lines, "AuthorizedKeysFile "+p.Write(AuthorizedKeys, strings.Join(known, "\n")+"\n"))
	config := p.Write("sshd_config", strings.Join(lines, "\n")+"\n")
	// OpenSSH 9.8 and later would shut out a host with many failures.
	patient := p.Write("sshd_config_patient", strings.Join(append(lines, "PerSourcePenalties no"), "\n")+"\n")
	if p.command("", sshd, "-t", "-f", patient).Run() == nil {
		config = patient
	}
	p.Start(sshd, "-D", "-e", "-f", config)
	return p
}
