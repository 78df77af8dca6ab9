title = { $count ->
    [one] { $count } segment received but discarded in { $time }: no buffer space
   *[other] { $count } segments received but discarded in { $time }: no buffer space
}
title-compacted = { $count ->
    [one] { $count } receive buffer over its limit within { $time }, compacted without loss
   *[other] receive buffers over their limit { $count } times within { $time }, compacted without loss
}
some-program = a program
why = A program reads too slowly, or holds its socket lock for too long. The peer must retransmit the discarded data.
proof = fullest receive queue: { $bytes } unread by { $program } at { $local }
fix = Let the program read more often; a larger buffer only delays this.
find = Find sockets with unread data
myth = The network did not lose these segments: they reached this host.
