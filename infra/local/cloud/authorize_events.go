package cloud

// needEventPermissions registers the permissions of Amazon EventBridge.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
func (c *Cloud) needEventPermissions() {
	need(c, eventsAPI.name+".PutEvents", func(in *eventRequest) ([]access, error) {
		var out []access
		for _, entry := range in.Entries {
			out = append(out, access{
				action: "events:PutEvents", resource: c.arn("events", "event-bus/"+busOf(entry.EventBusName)),
				context: with(given("events:source", entry.Source), given("events:detail-type", entry.DetailType)),
			})
		}
		return out, nil
	})
}
