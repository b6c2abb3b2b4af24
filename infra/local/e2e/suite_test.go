package e2e_test

import "testing"

// TestEndToEnd runs everything in one environment, because starting it takes
// seconds. The parts may be run one by one; leaks looks at what the others left.
func TestEndToEnd(t *testing.T) {
	e := newEnvironment(t)
	e.trusted = trustAuthority(t)
	e.start(t)
	e.listen(t)
	for _, part := range []struct {
		name string
		test func(*testing.T, *environment)
	}{
		{"demo", testDemo},
		{"main job", testMainJob},
		{"flow program", testFlowProgram},
		{"smoke", testSmoke},
		{"static credentials", testStaticCredentials},
		{"worker", testWorker},
		{"servers", testServers},
		{"administration", testAdministration},
		{"command line", testCommandLine},
		{"handoff attacks", testHandoffAttacks},
		{"certified server", testCertifiedServer},
		{"connect sessions", testConnectSessions},
		{"jobs", testJobs},
		{"reminders", testReminders},
		{"webhooks", testWebhooks},
		{"scenarios", testScenarios},
		{"kill switch", testKillSwitch},
		{"seals", testSeals},
		{"isolation", testIsolation},
		{"offboarding", testOffboarding},
		{"permissions", testPermissions},
		{"docs", testDocs},
		{"restart", testRestart},
		{"refusals", testRefusals},
		{"leaks", testLeaks},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, e) })
	}
	e.stop(t)
}
