package cloud

import (
	"maps"
	"slices"
	"sync"
)

// tableRequest is any operation on a table itself.
type tableRequest struct {
	TableName                   string
	KeySchema                   []keyElement
	AttributeDefinitions        []attributeDefinition
	GlobalSecondaryIndexes      []indexDefinition
	LocalSecondaryIndexes       []indexDefinition
	StreamSpecification         *streamSpecification
	DeletionProtectionEnabled   *bool
	SSESpecification            struct{ KMSMasterKeyId string }
	GlobalSecondaryIndexUpdates []struct {
		Create *indexDefinition
		Delete *struct{ IndexName string }
	}
	TimeToLiveSpecification struct {
		AttributeName string
		Enabled       bool
	}
	PointInTimeRecoverySpecification *struct{ PointInTimeRecoveryEnabled bool }
}

func (r *tableRequest) resource() string { return r.TableName }

func (d *dynamo) handleTables(write, read sync.Locker) {
	c := d.cloud
	handle(c, dynamoAPI, "CreateTable", locked(write, d.createTable))
	handle(c, dynamoAPI, "UpdateTable", locked(write, d.onTable(d.updateTable)))
	handle(c, dynamoAPI, "DeleteTable", locked(write, d.onTable(d.deleteTable)))
	handle(c, dynamoAPI, "DescribeTable", locked(read, d.onTable(describeTable)))
	handle(c, dynamoAPI, "ListTables", locked(read, d.listTables))
	handle(c, dynamoAPI, "UpdateTimeToLive", locked(write, d.onTable(updateTimeToLive)))
	handle(c, dynamoAPI, "DescribeTimeToLive", locked(read, d.onTable(describeTimeToLive)))
	handle(c, dynamoAPI, "UpdateContinuousBackups", locked(write, d.onTable(updateBackups)))
	handle(c, dynamoAPI, "DescribeContinuousBackups", locked(read, d.onTable(describeBackups)))
}

// onTable finds the table a request names.
func (d *dynamo) onTable(run func(*table, *tableRequest) (object, error)) func(*tableRequest) (object, error) {
	return func(in *tableRequest) (object, error) {
		t, err := d.table(in.TableName)
		if err != nil {
			return nil, err
		}
		return run(t, in)
	}
}

func (d *dynamo) createTable(in *tableRequest) (object, error) {
	if !tableName.MatchString(in.TableName) {
		return nil, invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
	}
	if d.tables[in.TableName] != nil {
		return nil, errorf("ResourceInUseException", "Table already exists: %s", in.TableName)
	}
	if len(in.LocalSecondaryIndexes) > 0 {
		return nil, invalid("Local secondary indexes are not served")
	}
	t := &table{tableDefinition: tableDefinition{
		Name:       in.TableName,
		ARN:        d.cloud.arn("dynamodb", "table/"+in.TableName),
		ID:         newUUID(),
		Created:    d.cloud.Now(),
		Keys:       in.KeySchema,
		Attributes: in.AttributeDefinitions,
		KMSKey:     in.SSESpecification.KMSMasterKeyId,
	}}
	if err := t.checkSchema(in.KeySchema); err != nil {
		return nil, err
	}
	t.DeletionProtection = in.DeletionProtectionEnabled != nil && *in.DeletionProtectionEnabled
	t.primary = newIndex("", in.KeySchema, nil, projection{})
	for _, definition := range in.GlobalSecondaryIndexes {
		if err := t.checkSchema(definition.KeySchema); err != nil {
			return nil, err
		}
		t.addIndex(definition)
	}
	d.setStream(t, in.StreamSpecification)
	d.tables[t.Name] = t
	return object{"TableDescription": t.description()}, nil
}

// checkSchema validates a key schema: a defined partition key, and possibly a
// defined sort key.
func (t *table) checkSchema(schema []keyElement) error {
	if len(schema) == 0 || len(schema) > 2 || schema[0].KeyType != "HASH" || len(schema) == 2 && schema[1].KeyType != "RANGE" {
		return invalid("Invalid KeySchema: the first element must be a HASH key, the second, if any, a RANGE key")
	}
	for _, key := range schema {
		if !slices.Contains([]string{"S", "N", "B"}, t.attributeType(key.AttributeName)) {
			return invalid("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Key: %s", key.AttributeName)
		}
	}
	return nil
}

func (d *dynamo) setStream(t *table, stream *streamSpecification) {
	if stream == nil {
		return
	}
	t.Stream = stream
	if stream.StreamEnabled {
		t.StreamLabel = d.cloud.Now().UTC().Format("2006-01-02T15:04:05.000")
		t.StreamARN = t.ARN + "/stream/" + t.StreamLabel
	}
}

func (d *dynamo) updateTable(t *table, in *tableRequest) (object, error) {
	for _, attribute := range in.AttributeDefinitions {
		if t.attributeType(attribute.AttributeName) == "" {
			t.Attributes = append(t.Attributes, attribute)
		}
	}
	for _, update := range in.GlobalSecondaryIndexUpdates {
		switch {
		case update.Create != nil:
			if err := t.checkSchema(update.Create.KeySchema); err != nil {
				return nil, err
			}
			t.addIndex(*update.Create)
		case update.Delete != nil:
			name := update.Delete.IndexName
			t.secondary = slices.DeleteFunc(t.secondary, func(x *index) bool { return x.name == name })
			t.Indexes = slices.DeleteFunc(t.Indexes, func(x indexDefinition) bool { return x.IndexName == name })
		}
	}
	if id := in.SSESpecification.KMSMasterKeyId; id != "" {
		t.KMSKey = id
	}
	if in.DeletionProtectionEnabled != nil {
		t.DeletionProtection = *in.DeletionProtectionEnabled
	}
	d.setStream(t, in.StreamSpecification)
	return object{"TableDescription": t.description()}, nil
}

func (d *dynamo) deleteTable(t *table, _ *tableRequest) (object, error) {
	if t.DeletionProtection {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	delete(d.tables, t.Name)
	return object{"TableDescription": t.description()}, nil
}

func describeTable(t *table, _ *tableRequest) (object, error) {
	return object{"Table": t.description()}, nil
}

func (d *dynamo) listTables(*tableRequest) (object, error) {
	list := slices.Sorted(maps.Keys(d.tables))
	if list == nil {
		list = []string{}
	}
	return object{"TableNames": list}, nil
}

func (t *table) description() object {
	description := object{
		"TableName":                 t.Name,
		"TableArn":                  t.ARN,
		"TableId":                   t.ID,
		"TableStatus":               "ACTIVE",
		"KeySchema":                 t.Keys,
		"AttributeDefinitions":      t.Attributes,
		"ItemCount":                 t.count,
		"CreationDateTime":          t.Created.Unix(),
		"BillingModeSummary":        object{"BillingMode": "PAY_PER_REQUEST"},
		"DeletionProtectionEnabled": t.DeletionProtection,
	}
	if len(t.Indexes) > 0 {
		description["GlobalSecondaryIndexes"] = slices.Clone(t.Indexes)
	}
	if t.KMSKey != "" {
		description["SSEDescription"] = object{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": t.KMSKey}
	}
	if t.Stream != nil {
		description["StreamSpecification"] = t.Stream
		description["LatestStreamArn"] = t.StreamARN
		description["LatestStreamLabel"] = t.StreamLabel
	}
	return description
}

func updateBackups(t *table, in *tableRequest) (object, error) {
	if specification := in.PointInTimeRecoverySpecification; specification != nil {
		t.PointInTimeRecovery = specification.PointInTimeRecoveryEnabled
	}
	return describeBackups(t, in)
}

func describeBackups(t *table, _ *tableRequest) (object, error) {
	status := "DISABLED"
	if t.PointInTimeRecovery {
		status = "ENABLED"
	}
	return object{"ContinuousBackupsDescription": object{
		"ContinuousBackupsStatus":        "ENABLED",
		"PointInTimeRecoveryDescription": object{"PointInTimeRecoveryStatus": status},
	}}, nil
}
