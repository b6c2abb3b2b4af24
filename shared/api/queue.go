package api

// Batch is what a queue gives to its consumer.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
type Batch struct {
	Records []Message `json:"Records"`
}

// Message is one message of a batch.
type Message struct {
	ID   string `json:"messageId"`
	Body string `json:"body"`
}

// BatchResult says which messages are to come back. All others are done with.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
type BatchResult struct {
	Failures []Failure `json:"batchItemFailures"`
}

// Failure names a message that failed.
type Failure struct {
	ID string `json:"itemIdentifier"`
}
