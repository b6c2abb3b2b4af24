package cloud

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

func hexMD5(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// attributesMD5 is the digest the SDKs verify ("Calculating the MD5 message
// digest for message attributes", Amazon SQS Developer Guide).
func attributesMD5(attributes map[string]messageAttribute) string {
	var encoded []byte
	appendText := func(text string) {
		encoded = binary.BigEndian.AppendUint32(encoded, uint32(len(text)))
		encoded = append(encoded, text...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		appendText(name)
		appendText(attribute.DataType)
		if strings.HasPrefix(attribute.DataType, "Binary") {
			encoded = append(encoded, 2)
			appendText(string(attribute.BinaryValue))
			continue
		}
		encoded = append(encoded, 1)
		appendText(attribute.StringValue)
	}
	return hexMD5(encoded)
}
