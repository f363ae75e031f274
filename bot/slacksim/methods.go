package slacksim

// registerMethods is the Web API as far as it is built. Scopes and tiers are
// Slack's; where several scopes would do, the one for direct messages counts,
// or the method checks by kind of channel itself.
func (s *Sim) registerMethods() map[string]method {
	return map[string]method{
		"apps.connections.open": {run: s.appsConnectionsOpen, token: appToken, scopes: []string{"connections:write"}, perMinute: tier3},
		"auth.test":             {run: s.authTest, token: anyToken, perMinute: tier5},

		"chat.postMessage":   {run: s.chatPostMessage, scopes: []string{"chat:write"}, posts: true},
		"chat.postEphemeral": {run: s.chatPostEphemeral, scopes: []string{"chat:write"}, perMinute: tier4},
		"chat.update":        {run: s.chatUpdate, scopes: []string{"chat:write"}, perMinute: tier3},

		"conversations.open":    {run: s.conversationsOpen, scopes: []string{"im:write"}, perMinute: tier3},
		"conversations.history": {run: s.conversationsHistory, scopes: []string{"im:history", "channels:history"}, perMinute: tier3},
		"conversations.replies": {run: s.conversationsReplies, scopes: []string{"im:history", "channels:history"}, perMinute: tier3, form: true},

		"users.info": {run: s.usersInfo, scopes: []string{"users:read"}, perMinute: tier4, form: true},
		"users.list": {run: s.usersList, scopes: []string{"users:read"}, perMinute: tier2, form: true},

		"views.open":    {run: s.viewsOpen, perMinute: tier4},
		"views.push":    {run: s.viewsPush, perMinute: tier4},
		"views.update":  {run: s.viewsUpdate, perMinute: tier4},
		"views.publish": {run: s.viewsPublish, perMinute: tier4},
	}
}
