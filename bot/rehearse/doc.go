// Package rehearse is the room where the real bot, with a real store, meets the stand-in Slack, people who are
// played, and a clock that is moved. Story tests, `threedeep try -headless` and fault tests use it.
//
// It may import anything but cmd.
package rehearse
