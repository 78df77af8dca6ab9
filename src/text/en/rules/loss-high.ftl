title = { $part } of { $sent } had to be retransmitted
title-spurious = { $part } of { $sent } was retransmitted, mostly without need
why = The path to the peer loses packets. Each loss slows the connection; above a few percent it crawls.
why-spurious = The peer reports that it received most of them twice: packets were reordered, or ACKs were lost or late.
proof = { $count ->
    [one] packets retransmitted: { $packets }, received twice: { $twice }, on { $count } connection
   *[other] packets retransmitted: { $packets }, received twice: { $twice }, on { $count } connections
}
over = measured over { $time }
since = counted since each connection opened; the loss may be over
fix = Check this host's own interfaces for errors or drops.
fix-path = Check the path to { $peer }: its MTU and its length.
fix-spurious = Check whether packets take several paths (bonding, several uplinks, Wi-Fi), and whether the uplink is full.
fix-last = Then check cabling, MTU and traffic shapers on the path; try another congestion control last.
myth = Larger buffers do not help against loss: the kernel can retransmit only after it detects the loss.
