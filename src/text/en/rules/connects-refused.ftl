title = { $refused } of { $made } connection attempts refused in { $time }
why = The services are down or listen elsewhere, or a firewall rejects the attempts; the programs here get "Connection refused" (a proxy answers 502).
proof-here = this host sent { $resets } resets: the port where nothing listens may be on this host
proof-elsewhere = this host sent only { $resets } resets, so most refusals come from other hosts
fix = Start the service that refuses, or correct its address in the program's configuration.
find = Show which addresses refuse
find-listeners = Show what listens here
myth = Longer timeouts and larger backlogs have no effect: the answer comes at once, from a host where nothing listens.
