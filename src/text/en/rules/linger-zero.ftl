title = { $count ->
    [one] { $count } connection aborted by a local reset in { $time }
   *[other] { $count } connections aborted by local resets in { $time }
}
why = A program closes with SO_LINGER 0, or peers still send after it closed. These connections skip TIME_WAIT, and the peer may lose unread data.
fix = Remove SO_LINGER with a time of 0; a plain close() delivers all written data.
find = Find the program that sets it (SO_LINGER with l_linger=0)
myth = A reset does not cure TIME_WAIT: it gives up the protection against old packets and may lose data.
