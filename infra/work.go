package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/tenonhq/tenon/shared/routes"
)

// addWork fills the stack of what runs without being asked: the jobs, the queues
// with their consumers, and the workers. It is one of its own because a stack
// holds 500 resources at most. The alarms notify the topic of the API's stack.
func addWork(s awscdk.Stack, of *api) {
	w := of.in(s)
	alarms := &alarms{api: w, topic: of.alarms.topic}
	w.addQueues()
	for _, r := range routes.Jobs() {
		f := w.addFunction(r)
		w.addSchedule(r, f)
		alarms.addErrors(r, f)
	}
	for _, r := range routes.Consumers() {
		f := w.addFunction(r)
		w.addSource(r, f)
		alarms.addErrors(r, f)
		alarms.addDead(r, w.queues[r.Name].dead)
	}
	for _, r := range routes.Workers() {
		alarms.addErrors(r, w.addFunction(r))
	}
	w.addUserPoolToken(alarms)
}
