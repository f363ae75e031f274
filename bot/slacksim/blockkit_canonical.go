package slacksim

// canonical returns checked blocks as Slack stores them: with ids for whatever
// came without, and with the defaults written out.
func (s *Sim) canonical(blocks []any) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out, _ := canonicalValue(blocks).([]any)
	for _, b := range out {
		block, _ := b.(map[string]any)
		s.giveIDs(block)
		if block["type"] == "input" {
			setDefault(block, "optional", false)
			setDefault(block, "dispatch_action", false)
		}
	}
	return out
}

// giveIDs generates missing ids. Caller holds mu.
func (s *Sim) giveIDs(block map[string]any) {
	if textOf(block, "block_id") == "" {
		block["block_id"] = s.blockID()
	}
	for _, e := range partsOf(block) {
		if e != nil && e["type"] != "image" && textOf(e, "action_id") == "" {
			e["action_id"] = s.blockID()
		}
	}
}

// canonicalValue copies a value and completes the text objects in it.
func canonicalValue(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = canonicalValue(e)
		}
		return out
	case map[string]any:
		return canonicalObject(v)
	default:
		return v
	}
}

func canonicalObject(o map[string]any) map[string]any {
	out := make(map[string]any, len(o)+1)
	for k, e := range o {
		out[k] = canonicalValue(e)
	}
	if _, isText := o["text"].(string); isText {
		switch o["type"] {
		case plainText:
			setDefault(out, "emoji", true)
		case markup:
			setDefault(out, "verbatim", false)
		}
	}
	return out
}

func setDefault(o map[string]any, key string, value any) {
	if _, ok := o[key]; !ok {
		o[key] = value
	}
}

// withoutNulls copies a value and leaves out properties that are null: Slack
// takes them for missing.
func withoutNulls(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutNulls(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = withoutNulls(e)
			}
		}
		return out
	default:
		return v
	}
}
