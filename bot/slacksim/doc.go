// Package slacksim is a stand-in Slack: a real HTTP and WebSocket server on the
// loopback interface that an unmodified Slack client can talk to.
//
// It is the only Slack that the tests, the rehearsals and the local trial know,
// so it is strict where it counts: tokens and scopes, one-use socket tickets,
// the three seconds an app has to acknowledge, triggers that work once, Block
// Kit rules, view state. What a strict Slack would show as broken is collected
// in [Sim.Complaints]. README.md says for each rule where it comes from.
//
// The package is an independent judge. It may import the standard library and a
// WebSocket library; it must not import any other package of this module, nor
// a Slack client library outside its tests. JSON is kept raw (maps and
// messages), because typed structs would add and drop zero values.
//
// Two clocks: [Config.Now] stamps messages and events and may stand still or
// jump; everything with a deadline (acknowledgement, trigger, ticket, rate
// limit) runs on the machine's clock.
package slacksim
