title = { $count ->
    [one] { $count } connection never gets the peer's last ACK
   *[other] { $count } connections never get the peer's last ACK
}
why = Both sides closed, but no peer acknowledges our FIN, which the kernel keeps retransmitting. The host is gone, or a firewall has dropped the connection.
proof = LAST_ACK or CLOSING after up to { $retrans } timeouts; { $peer_count } of them to { $peer }
fix = Check the path to { $peer }: host down, or a firewall or NAT without its state (conntrack keeps a last ACK for 30 s).
fix-timeout = Set TCP_USER_TIMEOUT (30 to 60 s) on the server's sockets: it limits this wait too.
myth = tcp_fin_timeout does not limit LAST_ACK.
