title = { $count ->
    [one] { $count } segment received and thrown away in { $time }: no room in buffers
   *[other] { $count } segments received and thrown away in { $time }: no room in buffers
}
title-compacted = { $count ->
    [one] { $count } receive buffer over its limit in { $time }, compacted in time
   *[other] { $count } times a receive buffer was over its limit in { $time }, compacted in time
}
some-program = a program
why = A program reads too slowly, or holds its socket locked for too long. The peer must send again what was thrown away.
proof = the fullest queue seen: { $bytes } unread by { $program } at { $local }
fix = Let the program read more often; a large buffer only delays this.
find = see which sockets have unread data
myth = This loss is not in the network: the segments reached this host.
