title = { $part } of { $sent } had to be sent again
title-spurious = { $part } of { $sent } was sent again, mostly without need
why = The path to them loses packets. Each loss makes the connection slow down; from some percent on it crawls.
why-spurious = The peer reports most of it as received twice: packets overtook each other, or acknowledgements got lost or late.
proof = { $count ->
    [one] packets sent again: { $packets }, received twice: { $twice }, on { $count } connection
   *[other] packets sent again: { $packets }, received twice: { $twice }, on { $count } connections
}
over = measured over { $time }
since = counted since each connection was made: it may be over
fix = See whether this host's own interfaces have errors or drops.
fix-path = See where the path to { $peer } narrows (MTU) and how far it is.
fix-spurious = Look for packets that take several ways at once (bonding, several uplinks, Wi-Fi), and for a full uplink.
fix-last = Then cabling, MTU and traffic shapers on the way; another congestion control comes last.
myth = Larger buffers do not help against loss: what was lost is sent again only after it is noticed.
