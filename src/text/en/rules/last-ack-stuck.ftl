title = { $count ->
    [one] { $count } connection waits in vain for the peer's last ACK
   *[other] { $count } connections wait in vain for the peer's last ACK
}
why = Both sides have closed; our last FIN is sent again and again and never confirmed. The host is gone, or a firewall has forgotten the connection.
proof = LAST_ACK or CLOSING after up to { $retrans } timeouts; { $peer_count } of them to { $peer }
fix = Look at the way to { $peer }: host down, firewall or NAT without its state (conntrack keeps a last ACK for 30 s).
fix-timeout = Set TCP_USER_TIMEOUT (30 to 60 s) on the server's sockets: it bounds this wait too.
myth = tcp_fin_timeout does not bound LAST_ACK.
