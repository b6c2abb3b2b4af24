package e2e_test

import "testing"

// scenario is one sentence of what the product does, and the people doing it.
type scenario struct {
	sentence string
	test     func(*testing.T, *environment)
}

// testScenarios does what the product's description says, sentence by sentence.
func testScenarios(t *testing.T, e *environment) {
	for _, s := range append(flowScenarios(), organizationScenarios()...) {
		t.Run(s.sentence, func(t *testing.T) { s.test(t, e) })
	}
	e.noDeadLetters(t)
}
