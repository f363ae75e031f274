package slacksim

// stateValues holds what was filled in: block id, action id, value object.
type stateValues map[string]map[string]object

func (v stateValues) set(block, action string, value object) {
	if v[block] == nil {
		v[block] = map[string]object{}
	}
	v[block][action] = value
}

// keep takes over old values for elements that v's view still has. A value of
// another kind is not taken: the element is another one.
func (v stateValues) keep(old stateValues) {
	for block, actions := range old {
		for action, value := range actions {
			if now, has := v[block][action]; has && now["type"] == value["type"] {
				v[block][action] = value
			}
		}
	}
}

// given leaves out what is empty.
func (v stateValues) given() stateValues {
	out := stateValues{}
	for block, actions := range v {
		for action, value := range actions {
			if !isEmpty(value) {
				out.set(block, action, value)
			}
		}
	}
	return out
}

// filled is what payloads carry: a value for every stateful element.
func (v stateValues) filled(blocks []any) stateValues {
	out := stateValues{}
	for _, e := range elementsOf(blocks) {
		if empty := emptyValue(e.kind); empty != nil {
			out.set(e.block, e.action, empty)
		}
	}
	for block, actions := range v {
		for action, value := range actions {
			out.set(block, action, value)
		}
	}
	return out
}

// initialState has an entry for every stateful element, so that keep knows
// which exist.
func initialState(blocks []any) stateValues {
	out := stateValues{}
	for _, e := range elementsOf(blocks) {
		if empty := emptyValue(e.kind); empty != nil {
			out.set(e.block, e.action, withInitial(empty, e))
		}
	}
	return out
}

// emptyValue is the state of an element that nobody touched; nil for kinds
// that have no state.
func emptyValue(kind string) object {
	switch kind {
	case "plain_text_input":
		return object{"type": kind, "value": nil}
	case "static_select", "radio_buttons":
		return object{"type": kind, "selected_option": nil}
	case "checkboxes":
		return object{"type": kind, "selected_options": []any{}}
	case "datepicker":
		return object{"type": kind, "selected_date": nil}
	case "timepicker":
		return object{"type": kind, "selected_time": nil}
	default:
		return nil
	}
}

func withInitial(value object, e element) object {
	from := map[string]string{
		"initial_value": "value", "initial_option": "selected_option", "initial_options": "selected_options",
		"initial_date": "selected_date", "initial_time": "selected_time",
	}
	for initial, key := range from {
		if v, ok := e.body[initial]; ok {
			value[key] = v
		}
	}
	return value
}

// isEmpty tells whether a required input with this value keeps a form from
// being submitted.
func isEmpty(value object) bool {
	for key, v := range value {
		if key == "type" {
			continue
		}
		if list, ok := v.([]any); ok {
			return len(list) == 0
		}
		return v == nil || v == ""
	}
	return true
}

// element is an interactive part of some blocks.
type element struct {
	block, action, kind string
	body                map[string]any
	input               map[string]any // the input block around it, if any
}

// elementsOf lists the interactive elements in the order they are shown.
func elementsOf(blocks []any) []element {
	var out []element
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		for _, body := range partsOf(block) {
			action := textOf(body, "action_id")
			if action == "" {
				continue
			}
			e := element{block: textOf(block, "block_id"), action: action, kind: textOf(body, "type"), body: body}
			if block["type"] == "input" {
				e.input = block
			}
			out = append(out, e)
		}
	}
	return out
}

// partsOf lists what may be interactive in one block.
func partsOf(block map[string]any) []map[string]any {
	var out []map[string]any
	switch block["type"] {
	case "input":
		out = append(out, mapOf(block, "element"))
	case "section":
		out = append(out, mapOf(block, "accessory"))
	case "actions":
		for _, e := range listOf(block, "elements") {
			if body, ok := e.(map[string]any); ok {
				out = append(out, body)
			}
		}
	}
	return out
}
