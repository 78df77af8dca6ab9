title = { $count ->
    [one] { $count } connection ended by a reset of ours in { $time }
   *[other] { $count } connections ended by resets of ours in { $time }
}
why = A program closes with SO_LINGER 0, or its peers still send after it closed. There is no TIME_WAIT then, and the peer may lose what it has not read.
fix = Remove SO_LINGER with a time of 0; a plain close() delivers what was written.
find = see which program sets it (SO_LINGER with l_linger=0)
myth = A reset is no cure for TIME_WAIT: it gives up the protection against old packets, and may lose data.
