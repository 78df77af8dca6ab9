//! The texts to read: Markdown files, and the other names people know their subjects by.

use super::{Lang, packed};

/// A Markdown file in every language, by the path it has in the folder of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TopicFiles {
    /// Such as `topics/time-wait.md`.
    pub path: &'static str,
}

impl TopicFiles {
    /// The file with this path.
    pub const fn at(path: &'static str) -> TopicFiles {
        TopicFiles { path }
    }

    /// The file in a language.
    pub fn of(&self, lang: Lang) -> &'static str {
        packed::text(lang, self.path)
    }
}

/// Other names of topics, in any language; case, blanks and marks between words do not count.
pub const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("states", &["state", "tcp-states", "state-machine", "状态", "状态机", "TCP 状态", "连接状态", "全部状态"]),
    ("LISTEN", &["listening", "listener", "监听", "侦听"]),
    ("SYN_SENT", &["syn", "正在连接"]),
    ("SYN_RECV", &["syn-rcvd", "syn-received", "half-open", "half-open-connection", "半连接", "半开连接"]),
    ("ESTABLISHED", &["estab", "established-connection", "连接已建立", "已建立"]),
    ("FIN_WAIT1", &["fin-wait-1", "finwait"]),
    ("FIN_WAIT2", &["fin-wait-2"]),
    ("TIME_WAIT", &["tw", "2msl", "time-waits", "等待 2MSL", "时间等待"]),
    ("CLOSE_WAIT", &["cw", "close-waits", "关闭等待", "等待关闭"]),
    ("LAST_ACK", &["last-acknowledgement", "最后确认"]),
    ("CLOSING", &["同时关闭中"]),
    ("CLOSE", &["closed", "unconnected", "unconn", "未连接", "已关闭"]),
    ("BOUND_INACTIVE", &["bound", "bound-socket", "只绑定未使用"]),
    ("orphan", &["orphans", "orphan-socket", "orphaned", "孤儿", "孤儿套接字", "孤儿连接"]),
    ("udp", &["udp-socket", "datagram", "数据报"]),
    ("unix-listen", &["unix", "unix-socket", "unix-listener", "UNIX 套接字", "UNIX 域套接字", "域套接字"]),
    (
        "three-way-handshake",
        &[
            "handshake",
            "3-way-handshake",
            "three-way",
            "connect",
            "accept",
            "三次握手",
            "三路握手",
            "握手",
            "建立连接",
            "建连",
        ],
    ),
    (
        "four-way-close",
        &[
            "four-way-handshake",
            "four-way-wavehand",
            "4-way-close",
            "close-handshake",
            "teardown",
            "fin",
            "四次挥手",
            "四路挥手",
            "挥手",
            "断开连接",
            "关闭连接",
        ],
    ),
    ("simultaneous-close", &["simultaneous", "同时关闭", "双方同时关闭"]),
    ("reset", &["rst", "connection-reset", "复位", "重置", "连接重置", "连接被重置", "RST 报文"]),
    ("half-closing", &["half-closed", "half-close-exchange", "shutdown", "半关闭", "半关"]),
    ("keepalive", &["keep-alive", "so_keepalive", "tcp-keepalive", "保活", "心跳", "TCP 保活"]),
    (
        "zero-window",
        &["window", "zero-window-probe", "persist", "零窗口", "窗口为零", "接收窗口", "流量控制", "坚持定时器"],
    ),
    ("retransmission", &["retransmit", "retransmissions", "rto-backoff", "loss", "重传", "超时重传", "重发", "丢包"]),
    ("Recv-Q", &["rqueue", "receive-queue", "idiag_rqueue", "接收队列"]),
    ("Send-Q", &["wqueue", "send-queue", "idiag_wqueue", "发送队列"]),
    ("timer-on", &["on", "重传定时器"]),
    ("timer-keepalive", &["保活定时器"]),
    ("timer-persist", &["零窗口探测定时器"]),
    ("uid", &["user", "用户"]),
    ("netid", &["family", "协议"]),
    ("local", &["laddr", "lport", "sport", "src", "local-address", "本端", "本地地址"]),
    ("peer", &["paddr", "pport", "dport", "dst", "peer-address", "remote", "对端", "远端地址"]),
    ("process", &["pid", "fd", "program", "owner", "进程", "描述符"]),
    ("timer", &["expires", "timers", "定时器"]),
    ("ends", &["goes-away"]),
    ("container", &["pod", "容器"]),
    ("netns", &["namespace", "network-namespace", "网络命名空间"]),
    ("iface", &["interface", "dev", "网卡"]),
    ("cc", &["congestion-control", "拥塞控制"]),
    ("ino", &["inode"]),
    ("sk", &["cookie"]),
    ("mark", &["fwmark"]),
    ("accept_queue", &["accept-backlog", "全连接队列", "接受队列"]),
    ("accept_limit", &["backlog", "listen-backlog"]),
    ("tcp_info.snd_cwnd", &["cwnd", "congestion-window", "拥塞窗口"]),
    ("tcp_info.snd_ssthresh", &["ssthresh"]),
    ("tcp_info.snd_mss", &["mss"]),
    ("tcp_info.min_rtt", &["minrtt"]),
    ("tcp_info.rtt", &["round-trip-time", "往返时间"]),
    ("tcp_info.rto", &["retransmission-timeout"]),
    ("skmem.rb", &["rcvbuf", "so_rcvbuf"]),
    ("skmem.tb", &["sndbuf", "so_sndbuf"]),
    ("skmem.r", &["skmem", "rmem_alloc"]),
    ("skmem.d", &["sk_drops"]),
    ("EMFILE", &["too-many-open-files", "打开的文件过多", "文件描述符用尽"]),
    ("ENFILE", &["too-many-open-files-in-system"]),
    ("EADDRNOTAVAIL", &["cannot-assign-requested-address", "无法分配请求的地址", "端口耗尽"]),
    ("EADDRINUSE", &["address-already-in-use", "address-in-use", "地址已在使用", "端口被占用"]),
    ("ETIMEDOUT", &["connection-timed-out", "timed-out", "连接超时"]),
    ("ECONNREFUSED", &["connection-refused", "refused", "拒绝连接", "连接被拒绝"]),
    ("ECONNRESET", &["connection-reset-by-peer", "reset-by-peer", "对端重置连接"]),
    ("EPIPE", &["broken-pipe", "断开的管道"]),
    ("ECONNABORTED", &["software-caused-connection-abort"]),
    ("EHOSTUNREACH", &["no-route-to-host", "没有到主机的路由"]),
    ("ENETUNREACH", &["network-is-unreachable", "网络不可达"]),
    ("ENOBUFS", &["no-buffer-space-available"]),
    ("ENOMEM", &["cannot-allocate-memory", "out-of-memory", "无法分配内存"]),
    ("EPERM", &["operation-not-permitted"]),
    ("EAGAIN", &["ewouldblock", "resource-temporarily-unavailable"]),
    ("EACCES", &["permission-denied", "权限不够"]),
    ("EINVAL", &["invalid-argument"]),
    ("net.ipv4.ip_local_port_range", &["port-range", "ephemeral-ports", "端口范围", "临时端口"]),
    ("fs.file-max", &["file-max", "file-nr"]),
    ("myth-time-wait-ports", &["TIME_WAIT 占端口"]),
];
