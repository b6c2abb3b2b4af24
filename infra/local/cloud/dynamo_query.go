package cloud

import (
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

// maxPage is the number of bytes after which a page of Query or Scan ends.
const maxPage = 1 << 20

// pageRequest is a Query or a Scan.
type pageRequest struct {
	TableName                 string
	IndexName                 string
	KeyConditionExpression    string
	FilterExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]expression.Value
	ExclusiveStartKey         expression.Item
	ConsistentRead            bool
	Limit                     *int
	ScanIndexForward          *bool
	Select                    string
	Segment                   int
	TotalSegments             int
	ReturnConsumedCapacity    string
}

func (r *pageRequest) resource() string {
	if r.IndexName == "" {
		return r.TableName
	}
	return r.TableName + "/" + r.IndexName
}

type pageAnswer struct {
	Items            []expression.Item `json:",omitempty"`
	Count            int
	ScannedCount     int
	LastEvaluatedKey expression.Item `json:",omitempty"`
	ConsumedCapacity object          `json:",omitempty"`
}

// page is a validated Query or Scan.
type page struct {
	request    *pageRequest
	capacity   *capacity
	table      *table
	index      *index
	scope      *expression.Scope
	filter     *expression.Condition
	projection expression.Projection

	// within restricts a Query to a range of the sort key; nil for all of it.
	within *expression.Condition
}

func (d *dynamo) query(in *pageRequest) (*pageAnswer, error) {
	p, err := d.newPage(in)
	if err != nil {
		return nil, err
	}
	partition, err := p.keyCondition()
	if err != nil {
		return nil, err
	}
	if err := p.parse(); err != nil {
		return nil, err
	}
	if p.filter != nil {
		if name := p.filter.Mentions(p.index.hash, p.index.sort); name != "" {
			return nil, invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", name)
		}
	}
	items := p.index.partitions[partition]
	forward := in.ScanIndexForward == nil || *in.ScanIndexForward
	if !forward {
		items = slices.Clone(items)
		slices.Reverse(items)
	}
	return p.collect(items, func(item expression.Item) bool {
		order := p.index.order(item, in.ExclusiveStartKey)
		return forward && order > 0 || !forward && order < 0
	}), nil
}

func (d *dynamo) scan(in *pageRequest) (*pageAnswer, error) {
	p, err := d.newPage(in)
	if err != nil {
		return nil, err
	}
	if in.Segment < 0 || in.TotalSegments < 0 || in.Segment > 0 && in.Segment >= in.TotalSegments {
		return nil, invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments")
	}
	if err := p.parse(); err != nil {
		return nil, err
	}
	var items []expression.Item
	for _, name := range slices.Sorted(maps.Keys(p.index.partitions)) {
		if inSegment(name, in.Segment, in.TotalSegments) {
			items = append(items, p.index.partitions[name]...)
		}
	}
	start, _ := p.index.partition(in.ExclusiveStartKey)
	return p.collect(items, func(item expression.Item) bool {
		name, _ := p.index.partition(item)
		return name > start || name == start && p.index.order(item, in.ExclusiveStartKey) > 0
	}), nil
}

func inSegment(partition string, segment, total int) bool {
	if total <= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(partition))
	return (int(sum[0])<<8|int(sum[1]))%total == segment
}

func (d *dynamo) newPage(in *pageRequest) (*page, error) {
	t, err := d.table(in.TableName)
	if err != nil {
		return nil, err
	}
	p := &page{request: in, capacity: &d.capacity, table: t, index: t.primary}
	if in.IndexName != "" {
		i := slices.IndexFunc(t.secondary, func(x *index) bool { return x.name == in.IndexName })
		if i < 0 {
			return nil, invalid("The table does not have the specified index: %s", in.IndexName)
		}
		if in.ConsistentRead {
			return nil, invalid("Consistent reads are not supported on global secondary indexes")
		}
		p.index = t.secondary[i]
	}
	if in.Limit != nil && *in.Limit < 1 {
		return nil, invalid("1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	if err := p.checkStart(); err != nil {
		return nil, err
	}
	p.scope = expression.NewScope(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	return p, nil
}

// checkStart validates ExclusiveStartKey: the key of an item of the index,
// which need not exist any more.
func (p *page) checkStart() error {
	start := p.request.ExclusiveStartKey
	if start == nil {
		return nil
	}
	valid := len(start) == len(p.index.keys)
	for _, name := range p.index.keys {
		valid = valid && start[name].Kind == p.table.attributeType(name)
	}
	if !valid {
		return invalid("The provided starting key is invalid")
	}
	return nil
}

// keyCondition parses KeyConditionExpression, sets p.within, and returns the
// partition to read.
func (p *page) keyCondition() (string, error) {
	condition, err := p.scope.Condition("KeyConditionExpression", p.request.KeyConditionExpression)
	if err != nil {
		return "", err
	}
	terms, err := condition.KeyTerms()
	if err != nil {
		return "", err
	}
	partition := ""
	for _, term := range terms {
		switch {
		case term.Attribute == p.index.hash && term.Equality && partition == "":
			partition = partitionName(term.Value)
		case term.Attribute == p.index.hash:
			return "", invalid("Query key condition not supported")
		case term.Attribute == p.index.sort && p.within == nil:
			p.within = term.Condition
		case term.Attribute == p.index.sort:
			return "", invalid("KeyConditionExpressions must only contain one condition per key")
		default:
			return "", invalid("Query condition missed key schema element: %s", p.index.hash)
		}
		if term.Value.Kind != p.table.attributeType(term.Attribute) {
			return "", invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
		}
	}
	if partition == "" {
		return "", invalid("Query condition missed key schema element: %s", p.index.hash)
	}
	return partition, nil
}

// parse reads the filter and the projection, the last expressions of a page.
func (p *page) parse() error {
	var err error
	if text := p.request.FilterExpression; text != "" {
		p.filter, err = p.scope.Condition("FilterExpression", text)
		if err != nil {
			return err
		}
	}
	p.projection, err = p.scope.Projection(p.request.ProjectionExpression)
	if err != nil {
		return err
	}
	return p.scope.Unused()
}

// collect fills the answer from items in reading order, beginning with the
// first that comes after the start key.
func (p *page) collect(items []expression.Item, afterStart func(expression.Item) bool) *pageAnswer {
	in := p.request
	answer := &pageAnswer{ConsumedCapacity: consumed(in.ReturnConsumedCapacity, in.TableName)}
	bytes := 0
	for _, stored := range items {
		if p.within != nil && !p.within.Eval(stored) || in.ExclusiveStartKey != nil && !afterStart(stored) {
			continue
		}
		item := p.index.project(stored)
		answer.ScannedCount++
		bytes += charged(item)
		if p.filter == nil || p.filter.Eval(item) {
			answer.Count++
			if in.Select != "COUNT" {
				answer.Items = append(answer.Items, p.projection.Apply(item))
			}
		}
		if in.Limit != nil && answer.ScannedCount >= *in.Limit || bytes > maxPage {
			answer.LastEvaluatedKey = stored.Pick(p.index.keys)
			break
		}
	}
	p.capacity.read(bytes, in.ConsistentRead, false)
	return answer
}
