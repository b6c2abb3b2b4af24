package main
type completionCommand struct{}
func (c *completionCommand) Run() error { return nil }
