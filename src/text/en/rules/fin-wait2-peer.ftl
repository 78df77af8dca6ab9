title = { $count ->
    [one] { $count } connection closed here that { $peer } does not close
   *[other] { $count } connections closed here that { $peer } does not close
}
why = Our side has closed and the peer's kernel confirmed it; the program there has not closed yet: an idle pool that will, or a leak there.
proof = { $old } of { $count } are in the second half of their time
fix = Tell the owner of { $peer } to look for CLOSE_WAIT there.
fix-here = The other end is { $program } ({ $pid }) on this host: its CLOSE_WAIT belongs to these.
lower = Forget them sooner ({ $name } is { $current }).
lower-risk = a peer that sends late data gets a reset; no effect on TIME_WAIT
myth = These cost us no descriptor, only 256 bytes each: nothing leaks here.
