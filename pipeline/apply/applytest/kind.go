package applytest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
	"github.com/seed-b1f00840/slipway/pipeline/apply/applytest/internal/intrinsic"
)

// A kind is how resources of a type behave. The functions may be nil.
type kind struct {
	typ   string
	named string        // the property that names a resource; empty for none
	takes time.Duration // to create; less for the rest
	id    string        // prefix of identifiers as EC2 has them: vpc; empty for none

	// attributes are those that GetAtt knows, with how they are made. A nil one is the
	// ARN if it is called so, and otherwise the physical id.
	attributes map[string]func(*work) cfn.Value
	mirrors    map[string]string // attributes that are properties, with their names
	open       bool              // it is not known which attributes there are: any will do

	physicalID func(*work) string
	onMake     func(*work) error
	onSettle   func(*work) (bool, error)
	onChange   func(w *work, before cfn.Object) error
	onRemove   func(*work) (gone bool, err error)
}

// kinds are those that are known, by type.
var kinds = func() map[string]*kind {
	all := map[string]*kind{}
	for _, list := range [][]kind{networkKinds, containerKinds, accountKinds, deliveryKinds} {
		for i := range list {
			all[list[i].typ] = &list[i]
		}
	}
	return all
}()

// kindOf returns the kind of a type. One that is not known is a thing that may have a name:
// the TopicName of a Topic.
func kindOf(typ string) *kind {
	if k := kinds[typ]; k != nil {
		return k
	}
	return &kind{typ: typ, named: typ[strings.LastIndex(typ, ":")+1:] + "Name", takes: 10 * time.Second, open: true}
}

// has reports whether GetAtt knows an attribute.
func (k *kind) has(attribute string) bool {
	_, made := k.attributes[attribute]
	_, mirrored := k.mirrors[attribute]
	return made || mirrored || k.open
}

// work is what is done to one resource.
type work struct {
	c    *Cloud
	run  *operationRun
	s    *stack
	r    *resource
	kind *kind

	failure    error       // of the making of an id
	deployment *deployment // of a service, that is waited for
	since      time.Time
}

func (run *operationRun) work(r *resource) *work {
	return &work{c: run.c, run: run, s: run.s, r: r, kind: kindOf(r.typ)}
}

// text returns a property that is a scalar.
func (w *work) text(name string) string { return text(w.r.properties.Get(name)) }

// name returns the name that the template gives the resource; empty for none.
func (w *work) name() string {
	if w.kind.named == "" {
		return ""
	}
	return w.text(w.kind.named)
}

// A thing is what a resource stands for. It may outlive its stack.
type thing struct {
	typ, physical string
	stack         string // id
}

// make creates what the resource stands for.
func (k *kind) make(w *work) error {
	physical := k.newID(w)
	if t := w.c.thing(k.typ, physical); t != nil {
		return w.c.taken(t)
	}
	w.r.physical = physical
	if k.onMake != nil {
		if err := k.onMake(w); err != nil {
			w.r.physical = ""
			return err
		}
	}
	w.c.data.things = append(w.c.data.things, &thing{typ: k.typ, physical: physical, stack: w.s.id})
	w.r.attributes = nil
	for name, value := range k.attributes {
		w.r.attributes = append(w.r.attributes, cfn.Prop(name, k.attribute(w, name, value)))
	}
	slices.SortFunc(w.r.attributes, func(a, b cfn.Member) int { return strings.Compare(a.Key, b.Key) })
	return nil
}

func (k *kind) attribute(w *work, name string, value func(*work) cfn.Value) cfn.Value {
	switch {
	case value != nil:
		return value(w)
	case strings.HasSuffix(name, "Arn"):
		return cfn.String(k.arn(w.c, w.r.physical))
	}
	return cfn.String(w.r.physical)
}

// newID returns the physical id of a resource that is created.
func (k *kind) newID(w *work) string {
	of := w.s.name + "/" + w.r.id
	switch {
	case k.physicalID != nil:
		return k.physicalID(w)
	case w.name() != "":
		return w.name()
	case k.id != "":
		return k.id + "-" + w.c.hex(k.id, of, 17)
	}
	return w.s.name + "-" + w.r.id + "-" + w.c.letters("resource", of, 12, true)
}

// arn returns the ARN of a resource of the kind, in the form that most services have.
func (k *kind) arn(c *Cloud, name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	parts := strings.Split(k.typ, "::")
	return c.arn(strings.ToLower(parts[1]), strings.ToLower(parts[len(parts)-1])+"/"+name)
}

// settled reports whether a resource is what it should be.
func (k *kind) settled(w *work) (bool, error) {
	if k.onSettle == nil {
		return true, nil
	}
	return k.onSettle(w)
}

// change makes a resource what its properties say; before are what they were.
func (k *kind) change(w *work, before cfn.Object) error {
	if k.onChange == nil {
		return nil
	}
	return k.onChange(w, before)
}

// remove deletes what a resource stands for. Where that takes longer it says that it is
// not gone yet, and is called again.
func (k *kind) remove(w *work) (gone bool, err error) {
	gone = true
	if k.onRemove != nil {
		gone, err = k.onRemove(w)
	}
	if gone && err == nil {
		w.c.data.things = slices.DeleteFunc(w.c.data.things, func(t *thing) bool {
			return t.typ == k.typ && t.physical == w.r.physical
		})
	}
	return gone, err
}

// thing returns what there is of a type under a physical id, or nil.
func (c *Cloud) thing(typ, physical string) *thing {
	for _, t := range c.data.things {
		if t.typ == typ && t.physical == physical {
			return t
		}
	}
	return nil
}

// taken refuses a name that something has.
func (c *Cloud) taken(t *thing) error {
	if s := c.stackNamed(t.stack); s != nil && !s.gone() {
		return told(t.physical + " already exists in stack " + s.id)
	}
	return c.handlerError("AlreadyExists", "Resource of type '%s' with identifier '%s' already exists.", t.typ, t.physical)
}

// handlerError is an error of what CloudFormation has for a type.
func (c *Cloud) handlerError(code, format string, args ...any) error {
	return told(fmt.Sprintf("Resource handler returned message: \"%s\" (RequestToken: %s, HandlerErrorCode: %s)",
		fmt.Sprintf(format, args...), uuid(c.ids.hash("handler", "")), code))
}

// attribute returns what GetAtt gives.
func (c *Cloud) attribute(r *resource, name string) (cfn.Value, error) {
	k := kindOf(r.typ)
	if v := r.attributes.Get(name); v != nil {
		return v, nil
	}
	if of, ok := k.mirrors[name]; ok {
		if v := r.properties.Get(of); v != nil {
			return v, nil
		}
		return cfn.String(""), nil
	}
	if !k.open {
		return nil, told("Resource type " + r.typ + " does not support attribute {" + name + "}")
	}
	if v, ok := intrinsic.Scalar(r.properties.Get(name)); ok {
		return cfn.String(v), nil
	}
	if strings.HasSuffix(name, "Arn") {
		return cfn.String(k.arn(c, r.physical)), nil
	}
	return cfn.String(r.physical + "." + name), nil
}
