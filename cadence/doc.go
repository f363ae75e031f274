// Package cadence is the domain of Three Deep: who coaches whom (the chain),
// when that recurs (rhythms), and what is due about it (reflections, briefs).
//
// It is pure. Every function takes the moment it decides for, nothing here
// reads a clock, a file or the network, and the same input gives the same
// answer. It may import the standard library and the parser of robfig/cron,
// and nothing else of Three Deep.
//
// The flow, in the order of the files: a [Chain] holds links; a link has
// rhythms ([ParseRhythm]); a rhythm yields moments, each named by its nominal
// [Wall] time; a [Planner] turns the moments of a link's 1:1 into the
// [Reflection] asked before it and the [Brief] its coach gets that day.
package cadence
