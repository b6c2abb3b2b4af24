package environ

import (
	"errors"
	"strings"
)

// QueueSeparator stands between the queues in Queues.
const QueueSeparator = ","

// ParseQueues reads name=URL pairs.
func ParseQueues(list string) (map[string]string, error) {
	if list == "" {
		return nil, nil
	}
	queues := map[string]string{}
	for pair := range strings.SplitSeq(list, QueueSeparator) {
		name, url, ok := strings.Cut(pair, "=")
		if !ok || name == "" || url == "" {
			return nil, errors.New("must be name=URL pairs, separated by commas")
		}
		queues[name] = url
	}
	return queues, nil
}
