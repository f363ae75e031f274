// Package delivery is the room for getting messages out: it takes what is due from a queue, keeps the order within
// each lane, renders at the moment of sending, sends, and records how it ended. When Slack asks for a pause the whole
// sender pauses. A post whose outcome is unknown is looked up before it is sent again.
//
// It knows small interfaces only, neither SQL nor Slack. It may import cadence, nothing else of ours.
package delivery
