title = { $count ->
    [one] { $count } connection closed here, not closed by { $peer }
   *[other] { $count } connections closed here, not closed by { $peer }
}
why = This side closed and the peer's kernel acknowledged it. The peer's program has not called close() yet: an idle pool that soon will, or a leak.
proof = past half of the time limit: { $old } of { $count }
fix = Ask the owner of { $peer } to check for CLOSE_WAIT there.
fix-here = The other end is { $program } ({ $pid }) on this host; see its CLOSE_WAIT sockets.
lower = Drop them sooner ({ $name } is { $current }).
lower-risk = a peer that sends late data gets a reset; no effect on TIME_WAIT
myth = These connections hold no local descriptor, only 256 bytes each: nothing leaks here.
