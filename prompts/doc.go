// Package prompts is the room for what the bot asks and says: guides (the question sets), the stepper that
// takes a conversation from question to answer to Share or Keep, and all the words outside a guide.
//
// It is pure: it takes `now`, does no I/O beyond reading the files it is given, and knows nothing of Slack or
// SQL. It may import cadence and a YAML library, nothing else of ours.
package prompts
