package iam

// Evaluate decides the request.
func Evaluate(p Policies, r Request) Decision { return Decision{Reason: "no statement allows it"} }
