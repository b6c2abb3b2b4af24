package connectiontest

import (
	"reflect"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// clone returns a copy that shares nothing with c, its times as a store would
// return them.
func clone(c connection.Connection) connection.Connection {
	part(reflect.ValueOf(&c).Elem())
	return c
}

// part makes what v refers to its own.
func part(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			*at = at.Round(0).UTC()
			return
		}
		for i := range v.NumField() {
			part(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			part(own.Elem())
			v.Set(own)
		}
	case reflect.Slice:
		if !v.IsNil() {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			for i := 0; i < own.Len() && v.Type().Elem().Kind() != reflect.Uint8; i++ {
				part(own.Index(i))
			}
			v.Set(own)
		}
	case reflect.Map:
		if !v.IsNil() {
			own := reflect.MakeMapWithSize(v.Type(), v.Len())
			for key, value := range v.Seq2() {
				own.SetMapIndex(key, value) // Of strings, all of them.
			}
			v.Set(own)
		}
	}
}
