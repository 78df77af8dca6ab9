title = { $refused } of { $made } connection attempts refused in { $time }
title-port = { $refused } of { $made } connection attempts refused in { $time }; nothing listens on port { $port } any more
why = The services are down or listen elsewhere, or a firewall rejects the attempts; the programs here get "Connection refused" (a proxy answers 502).
why-port = { $program } closed its listener on port { $port } but still runs, for example in a shutdown that does not end. New clients get "Connection refused" (a proxy answers 502).
proof-here = this host sent { $resets } resets: the port where nothing listens may be on this host
proof-elsewhere = this host sent only { $resets } resets, so most refusals come from other hosts
proof-port = { $count ->
    [one] { $count } connection to port { $port } is still open, but nothing listens on it
   *[other] { $count } connections to port { $port } are still open, but nothing listens on it
}
proof-port-held = { $count ->
    [one] { $program } ({ $pid }) still holds { $count } connection to port { $port }, on which nothing listens
   *[other] { $program } ({ $pid }) still holds { $count } connections to port { $port }, on which nothing listens
}
fix-port = Start the service on port { $port } again. If { $program } hangs in its shutdown, end it first.
find-port = Show these connections and their program
fix = Start the service that refuses, or correct its address in the program's configuration.
find = Show which addresses refuse
find-listeners = Show what listens here
myth = Longer timeouts and larger backlogs have no effect: the answer comes at once, from a host where nothing listens.
