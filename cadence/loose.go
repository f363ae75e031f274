package cadence

import "strconv"

const (
	inWeek uint8 = iota + 1
	inMonth
)

// parseLoose reads what follows "no fixed time": nothing, or "2 a month".
func parseLoose(spec string, rest []string) (Rhythm, error) {
	r := Rhythm{spec: spec, kind: loose}
	if len(rest) == 0 {
		return r, nil
	}
	if len(rest) != 3 || (rest[1] != "a" && rest[1] != "per") {
		return Rhythm{}, refuseLoose(spec)
	}
	count, err := strconv.Atoi(rest[0])
	if err != nil || count < 1 || count > 31 {
		return Rhythm{}, refuseLoose(spec)
	}
	r.count = uint8(count)
	switch rest[2] {
	case "week":
		r.per = inWeek
	case "month":
		r.per = inMonth
	default:
		return Rhythm{}, refuseLoose(spec)
	}
	return r, nil
}

func refuseLoose(spec string) error {
	return refuse(spec, "I understood \"no fixed time\", after which only \"2 a month\" or \"1 a week\" may follow")
}
