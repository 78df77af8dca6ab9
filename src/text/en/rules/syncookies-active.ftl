title = { $count ->
    [one] { $count } SYN cookie sent in { $time }, { $received } came back
   *[other] { $count } SYN cookies sent in { $time }, { $received } came back
}
why-burst = A queue of half-open handshakes was full. The clients are real, for they answered: the queue is too short for a burst of them.
why-flood = A queue of half-open handshakes was full, and most of those who filled it do not answer: a SYN flood, or a broken way back.
proof = { $rate } cookies per second; { $full } SYNs met a full queue
fix-backlog = Ask for a longer queue in listen(); the port stands in the kernel's log ("Possible SYN flooding on port").
