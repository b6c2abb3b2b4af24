package simulate

import (
	"strings"
	"time"
)

// CallPrice is the list price of one call of AWS in dollars, without the units of
// DynamoDB and what the called does. The target is the SDK's package and the
// operation: "kms.Decrypt". What is not charged by the call costs nothing.
func CallPrice(target string) float64 {
	service, operation, _ := strings.Cut(target, ".")
	switch service {
	case "kms":
		return keyCallPrice
	case "secretsmanager":
		return secretCallPrice
	case "sqs":
		if strings.HasPrefix(operation, "Send") {
			return queuePrice + fairQueuePrice
		}
		return queuePrice
	case "eventbridge":
		return eventPrice
	case "sesv2":
		return mailPrice
	case "lambda":
		return invokePrice
	}
	return 0
}

// UnitPrice is the list price of request units of DynamoDB in dollars.
func UnitPrice(reads, writes float64) float64 { return reads*readUnitPrice + writes*writeUnitPrice }

// InvocationPrice is the list price of invoking a function in dollars, without its
// running time; front says that it serves a request of an HTTP API.
func InvocationPrice(front bool) float64 {
	if front {
		return invokePrice + requestPrice
	}
	return invokePrice
}

// RunPrice is the list price of a function of so many MB that runs so long.
func RunPrice(megabytes int, d time.Duration) float64 {
	return d.Seconds() * float64(megabytes) / 1024 * gbSecondPrice
}
