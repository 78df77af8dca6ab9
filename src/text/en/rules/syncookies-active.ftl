title = { $count ->
    [one] { $count } SYN cookie sent in { $time }, { $received } returned
   *[other] { $count } SYN cookies sent in { $time }, { $received } returned
}
why-burst = A queue of half-open handshakes was full. The clients are real, because they answered: the queue is too short for their burst.
why-flood = A queue of half-open handshakes was full, and most clients in it do not answer: a SYN flood, or a broken route back.
proof = { $rate } cookies per second; { $full } SYNs met a full queue
fix-backlog = Request a longer backlog in listen(); the kernel log names the port ("Possible SYN flooding on port").
