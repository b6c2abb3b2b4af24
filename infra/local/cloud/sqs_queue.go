package cloud

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

type queue struct {
	Name       string
	ARN        string
	Created    time.Time
	Attributes map[string]string
	Messages   []*message
	Duplicates map[string]time.Time // FIFO deduplication IDs by first use.
}

func (q *queue) isFIFO() bool {
	return strings.HasSuffix(q.Name, ".fifo")
}

// number reads a numeric attribute.
func (q *queue) number(name string, otherwise int) int {
	n, err := strconv.Atoi(q.Attributes[name])
	if err != nil {
		return otherwise
	}
	return n
}

// redrive returns the ARN of the dead-letter queue and the number of receives
// after which a message goes there, or 0 for never.
func (q *queue) redrive() (string, int) {
	var policy struct {
		DeadLetterTargetArn string
		MaxReceiveCount     json.RawMessage // A number, or a number in a string.
	}
	if err := json.Unmarshal([]byte(q.Attributes["RedrivePolicy"]), &policy); err != nil {
		return "", 0
	}
	limit, err := strconv.Atoi(strings.Trim(string(policy.MaxReceiveCount), `"`))
	if err != nil {
		return "", 0
	}
	return policy.DeadLetterTargetArn, limit
}

func (s *queueStore) create(in *queueRequest) (object, error) {
	if !queueName.MatchString(in.QueueName) {
		return nil, errorf("com.amazonaws.sqs#InvalidParameterValue", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if (in.Attributes["FifoQueue"] == "true") != strings.HasSuffix(in.QueueName, ".fifo") {
		return nil, errorf("com.amazonaws.sqs#InvalidParameterValue", "The name of a FIFO queue must end with the .fifo suffix, and only that of a FIFO queue.")
	}
	if err := checkQueueAttributes(in.Attributes); err != nil {
		return nil, err
	}
	q := s.queues[in.QueueName]
	if q == nil {
		q = &queue{
			Name:       in.QueueName,
			ARN:        s.cloud.arn("sqs", in.QueueName),
			Created:    s.cloud.Now(),
			Attributes: map[string]string{},
			Duplicates: map[string]time.Time{},
		}
		s.queues[q.Name] = q
	}
	maps.Copy(q.Attributes, in.Attributes)
	return object{"QueueUrl": s.queueURL(q.Name)}, nil
}

// checkQueueAttributes validates the policy and the attributes that are numbers
// of seconds.
func checkQueueAttributes(attributes map[string]string) error {
	for name, limits := range map[string][2]int{
		"DelaySeconds":                  {0, maxDelay},
		"VisibilityTimeout":             {0, maxVisibility},
		"MessageRetentionPeriod":        {60, 14 * 24 * 60 * 60},
		"ReceiveMessageWaitTimeSeconds": {0, maxWait},
	} {
		value, ok := attributes[name]
		if !ok {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < limits[0] || n > limits[1] {
			return errorf("com.amazonaws.sqs#InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
	}
	if _, err := parsePolicy(attributes["Policy"]); err != nil {
		return errorf("com.amazonaws.sqs#InvalidAttributeValue", "Invalid value for the parameter Policy.")
	}
	return nil
}

// checkSeconds validates a number of seconds in a request; nil is not given.
func checkSeconds(name string, value *int, limit int) error {
	if value != nil && (*value < 0 || *value > limit) {
		return errorf("com.amazonaws.sqs#InvalidParameterValue", "Value for parameter %s is invalid. Must be between 0 and %d.", name, limit)
	}
	return nil
}

func (s *queueStore) queueURL(name string) string {
	return s.cloud.BaseURL + "/" + s.cloud.Account + "/" + name
}

func (s *queueStore) url(in *queueRequest) (object, error) {
	q, err := s.find(in.QueueName)
	if err != nil {
		return nil, err
	}
	return object{"QueueUrl": s.queueURL(q.Name)}, nil
}

func (s *queueStore) list(in *queueRequest) (object, error) {
	urls := []string{}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if strings.HasPrefix(name, in.QueueNamePrefix) {
			urls = append(urls, s.queueURL(name))
		}
	}
	return object{"QueueUrls": urls}, nil
}

func (s *queueStore) remove(q *queue, _ *queueRequest) (object, error) {
	delete(s.queues, q.Name)
	return object{}, nil
}

func purgeQueue(q *queue, _ *queueRequest) (object, error) {
	q.Messages = nil
	return object{}, nil
}

func setQueueAttributes(q *queue, in *queueRequest) (object, error) {
	if err := checkQueueAttributes(in.Attributes); err != nil {
		return nil, err
	}
	maps.Copy(q.Attributes, in.Attributes)
	return object{}, nil
}

func (s *queueStore) attributes(q *queue, _ *queueRequest) (object, error) {
	visible, inFlight, delayed := 0, 0, 0
	for _, m := range q.Messages {
		switch {
		case !s.cloud.Now().Before(m.Visible):
			visible++
		case m.Receives == 0:
			delayed++
		default:
			inFlight++
		}
	}
	attributes := map[string]string{
		"VisibilityTimeout":      strconv.Itoa(defaultVisibility),
		"DelaySeconds":           "0",
		"MessageRetentionPeriod": strconv.Itoa(defaultRetention),
	}
	maps.Copy(attributes, q.Attributes)
	maps.Copy(attributes, map[string]string{
		"QueueArn":                              q.ARN,
		"CreatedTimestamp":                      strconv.FormatInt(q.Created.Unix(), 10),
		"ApproximateNumberOfMessages":           strconv.Itoa(visible),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(inFlight),
		"ApproximateNumberOfMessagesDelayed":    strconv.Itoa(delayed),
	})
	return object{"Attributes": attributes}, nil
}

// startMove moves all messages of a dead-letter queue back to the queues it
// serves, at once.
func (s *queueStore) startMove(in *queueRequest) (object, error) {
	source := s.byARN(in.SourceArn)
	if source == nil {
		return nil, errorf("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		q := s.queues[name]
		if target, _ := q.redrive(); target != source.ARN || q == source {
			continue
		}
		for _, m := range source.Messages {
			m.Receives = 0
			m.Visible = s.cloud.Now()
		}
		q.Messages = append(q.Messages, source.Messages...)
		source.Messages = nil
	}
	s.announce()
	return object{"TaskHandle": newUUID()}, nil
}
