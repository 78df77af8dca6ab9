//! What people type leads to the topic they mean.

use sockdoc::{
    book,
    text::{Lang, names},
};

/// Words by the topic they ask for.
const ASKED: &[(&str, &[&str])] = &[
    ("states", &["状态", "状态机", "状态转换图", "套接字", "TCP 状态", "TCP的状态有哪些"]),
    ("LISTEN", &["监听", "监听端口", "侦听状态"]),
    ("SYN_SENT", &["正在连接", "SYN_SENT 过多", "SYN_SENT状态很多"]),
    (
        "SYN_RECV",
        &[
            "半连接",
            "半连接队列",
            "SYN队列",
            "半连接队列是什么",
            "半开连接",
            "SYN_RECV 状态",
            "SYN_RECV过多怎么办",
            "半連接隊列",
        ],
    ),
    ("ESTABLISHED", &["已建立", "ESTABLISHED 连接数", "连接已建立"]),
    ("FIN_WAIT1", &["FIN_WAIT1 状态过多", "fin-wait-1 是什么"]),
    ("FIN_WAIT2", &["FIN_WAIT2 过多", "fin_wait_2状态", "FIN_WAIT_2 大量"]),
    (
        "TIME_WAIT",
        &[
            "时间等待",
            "2MSL",
            "MSL",
            "TIME_WAIT 状态",
            "TIME_WAIT过多",
            "大量 TIME_WAIT",
            "TIME_WAIT 过多怎么办",
            "服务器出现大量TIME_WAIT怎么解决",
            "time_wait 是什么",
            "等待2MSL",
            "時間等待",
            "什么是 TIME_WAIT",
            "TIME_WAIT 占用",
        ],
    ),
    (
        "CLOSE_WAIT",
        &[
            "关闭等待",
            "等待关闭",
            "CLOSE_WAIT 状态",
            "大量CLOSE_WAIT",
            "close_wait怎么办",
            "CLOSE_WAIT 太多",
            "關閉等待",
            "CLOSE_WAIT 堆积",
            "CLOSE_WAIT 不释放",
            "线上出现大量 CLOSE_WAIT",
            "为什么会有CLOSE_WAIT",
        ],
    ),
    ("LAST_ACK", &["最后确认", "LAST_ACK 过多"]),
    ("orphan", &["孤儿连接", "孤儿套接字过多"]),
    (
        "three-way-handshake",
        &[
            "三次握手",
            "TCP三次握手",
            "TCP 三次握手过程",
            "握手",
            "三次握手原理",
            "为什么三次握手",
            "为什么是三次握手",
            "三次握手的过程是什么",
            "序列号",
            "建立连接",
            "三次揮手不是三次握手",
        ],
    ),
    (
        "four-way-close",
        &[
            "四次挥手",
            "TCP四次挥手",
            "挥手",
            "三次挥手",
            "主动关闭",
            "被动关闭",
            "优雅关闭",
            "四次揮手",
            "为什么需要四次挥手",
            "四次挥手详解",
            "主动关闭方",
            "断开连接",
        ],
    ),
    ("simultaneous-close", &["同时关闭"]),
    ("half-closing", &["半关闭", "TCP 半关闭状态"]),
    ("reset", &["RST", "连接重置", "复位", "RST 报文", "连接被重置怎么办", "大量RST"]),
    ("keepalive", &["保活", "心跳", "死连接", "僵尸连接", "TCP 保活机制", "keepalive 参数", "心跳包"]),
    (
        "zero-window",
        &["零窗口", "滑动窗口", "流量控制", "TCP 滑动窗口", "滑動視窗", "滑动窗口机制", "零窗口探测", "流量控制原理"],
    ),
    (
        "retransmission",
        &["重传", "丢包", "快速重传", "超时重传", "TCP重传", "重传过多", "重传率高", "丢包怎么排查", "重傳"],
    ),
    ("accept_queue", &["全连接队列", "接受队列", "监听队列", "全連接佇列", "全连接队列是什么"]),
    ("accept_limit", &["backlog", "backlog 参数", "全连接队列长度"]),
    (
        "accept-queue-full",
        &["accept队列", "全连接队列满", "全连接队列溢出", "accept queue 溢出怎么办", "全连接队列满了"],
    ),
    (
        "port-exhaustion",
        &[
            "端口耗尽",
            "临时端口耗尽",
            "端口不够用",
            "端口耗尽怎么办",
            "端口用完了",
            "端口不足",
            "本地端口耗尽",
            "端口被用完",
        ],
    ),
    ("net.ipv4.ip_local_port_range", &["临时端口", "端口范围", "临时端口范围"]),
    (
        "EADDRINUSE",
        &["端口被占用", "端口占用", "地址已被占用", "地址已在使用", "端口占用怎么办", "端口冲突", "連接埠被佔用"],
    ),
    ("reuseport-imbalance", &["端口复用", "惊群", "惊群效应"]),
    ("fd-near-limit", &["文件描述符", "文件描述符耗尽", "文件描述符上限", "句柄", "句柄数", "文件句柄耗尽"]),
    ("closed-fd-leak", &["句柄泄漏", "文件描述符泄漏", "fd泄露"]),
    ("close-wait-leak", &["连接泄漏", "连接泄露", "连接泄漏怎么排查"]),
    ("tcp_info.snd_cwnd", &["拥塞窗口", "cwnd", "擁塞窗口"]),
    ("cc", &["拥塞控制", "拥塞控制算法"]),
    ("tcp_info.snd_ssthresh", &["慢启动", "慢启动阈值", "慢启动是什么"]),
    ("tcp_info.ato", &["延迟确认", "Nagle", "Nagle算法", "延迟ACK"]),
    ("skmem.rb", &["缓冲区", "接收缓冲区", "接收缓冲区太小"]),
    ("skmem.tb", &["发送缓冲区", "发送缓冲区满"]),
    (
        "time-wait-client",
        &["长连接", "短连接", "连接池", "TCP 长连接", "高并发短连接", "长连接和短连接的区别", "短连接过多", "连接复用"],
    ),
    ("syn-recv-pileup", &["SYN洪水", "SYN攻击", "SYN flood", "SYN flood 攻击", "SYN 洪泛攻击怎么办"]),
    ("net.ipv4.tcp_syncookies", &["SYN cookie", "syncookies", "SYN cookie 原理"]),
    ("myth-65535", &["四元组", "四元组是什么", "五元组", "最大连接数"]),
    ("net.ipv4.tcp_timestamps", &["时间戳", "TCP 时间戳", "時間戳"]),
    (
        "conntrack-near-limit",
        &["连接跟踪", "conntrack", "连接跟踪表", "连接跟踪表满", "conntrack 满了", "连接跟踪表溢出"],
    ),
    ("bad-sysctl", &["内核参数", "内核参数优化"]),
    ("udp-drops", &["UDP 丢包", "UDP丢包怎么办", "UDP 丢包排查"]),
    ("myth-byte-stream", &["粘包", "TCP 粘包", "粘包问题", "粘包和拆包"]),
    ("EMFILE", &["打开的文件过多", "Too many open files 怎么解决"]),
    ("ENFILE", &["系统中打开的文件过多"]),
    ("EADDRNOTAVAIL", &["无法指定被请求的地址"]),
    ("ETIMEDOUT", &["连接超时", "连接超时怎么办"]),
    ("ECONNREFUSED", &["拒绝连接", "连接被拒绝", "Connection refused 报错"]),
    ("ECONNRESET", &["连接被对方重设", "Connection reset by peer 怎么解决"]),
    ("ECONNABORTED", &["由软件导致的连接断开"]),
    ("EPIPE", &["断开的管道", "管道破裂", "Broken pipe 错误"]),
    ("EHOSTUNREACH", &["没有到主机的路由", "主机不可达"]),
    ("ENETUNREACH", &["网络不可达"]),
    ("ENOBUFS", &["没有可用的缓冲区空间"]),
    ("ENOMEM", &["无法分配内存"]),
    ("EPERM", &["不允许的操作"]),
    ("EAGAIN", &["资源暂时不可用"]),
    ("EACCES", &["权限不够", "权限不足"]),
    ("EINVAL", &["无效的参数"]),
    ("myth-65535", &["连接数打满", "单机能支持多少连接", "连接数过多"]),
    ("CLOSE_WAIT", &["对端关闭连接", "读到EOF", "返回0", "CLOSE_WAIT 一直不消失"]),
    ("ECONNREFUSED", &["服务器拒绝连接", "端口不通", "ping 通但是端口不通"]),
    ("fd-near-limit", &["文件描述符不够", "文件描述符不够用", "打开文件数限制"]),
    ("orphans-near-limit", &["孤儿连接过多"]),
    ("three-way-handshake", &["同时打开", "自连接"]),
    ("reset", &["收到RST", "连接被重置"]),
    ("keepalive", &["死链", "NAT 超时", "防火墙断连接", "空闲超时"]),
    ("zero-window", &["窗口为0", "背压"]),
    ("accept-queue-full", &["监听队列溢出", "全连接队列溢出"]),
    ("accept-queue-high", &["accept 很慢", "程序不 accept"]),
    ("EINPROGRESS", &["操作现在正在进行"]),
    ("ENOTCONN", &["传输端点尚未连接"]),
    ("program-hung", &["进程无响应", "服务假死", "D状态", "进程挂起"]),
    ("loss-high", &["网络抖动", "网络丢包率高"]),
    ("peer-zero-window", &["对端不读", "慢客户端"]),
    ("syn-recv-pileup", &["洪水攻击", "DDoS攻击", "半连接队列满"]),
    ("net.ipv4.tcp_tw_recycle", &["快速回收"]),
    ("close-wait-unread", &["连接池失效连接"]),
    ("port-exhaustion", &["端口打满", "本地端口不足"]),
    ("udp-drops", &["UDP 接收缓冲区溢出"]),
    ("ECONNABORTED", &["软件导致连接中断"]),
    ("retransmission", &["丢包重传"]),
    ("four-way-close", &["FIN包", "为什么四次挥手"]),
    ("EADDRINUSE", &["地址复用", "绑定失败"]),
];

/// The same in English: errors as programs print them, and complaints.
const ASKED_IN_ENGLISH: &[(&str, &[&str])] = &[
    ("EMFILE", &["too many open files", "Too Many Open Files error"]),
    ("ECONNRESET", &["connection reset by peer", "errno 104", "recv: connection reset by peer"]),
    ("EADDRINUSE", &["address already in use", "SO_REUSEADDR"]),
    ("net.ipv4.ip_local_port_range", &["ephemeral ports"]),
    ("orphan", &["orphaned sockets"]),
    ("tcp_info.ato", &["nodelay", "nagle"]),
    ("accept-queue-full", &["backlog full", "listen queue overflow", "accept queue overflow"]),
    ("ETIMEDOUT", &["connection timed out", "connect timeout"]),
    ("ENETUNREACH", &["network unreachable"]),
    ("EINPROGRESS", &["operation now in progress"]),
    ("ENOTCONN", &["transport endpoint is not connected"]),
    ("port-exhaustion", &["running out of ports", "ephemeral port exhaustion"]),
    ("TIME_WAIT", &["too many time_wait", "TIME_WAIT accumulation", "TIME_WAIT pileup", "lots of TIME_WAIT sockets"]),
    ("CLOSE_WAIT", &["sockets in CLOSE_WAIT"]),
    ("close-wait-leak", &["stuck in close_wait", "socket leak"]),
    ("closed-fd-leak", &["file descriptor leak"]),
    ("fd-near-limit", &["nofile"]),
    ("syn-recv-pileup", &["possible SYN flooding", "syn flood"]),
    ("four-way-close", &["connection termination"]),
    ("loss-high", &["packet loss", "dropped packets"]),
    ("retransmission", &["tcp retransmission"]),
    ("zero-window", &["receive window", "window full", "backpressure"]),
    ("keepalive", &["heartbeat", "idle timeout", "dead peer"]),
    ("idle-no-keepalive", &["idle connections"]),
    ("close-wait-unread", &["stale connections"]),
    ("myth-65535", &["max connections", "65535 connections", "C10K"]),
    ("conntrack-near-limit", &["conntrack table full", "table full, dropping packet"]),
    ("udp-drops", &["udp packet loss", "udp buffer"]),
    ("reuseport-imbalance", &["uneven load"]),
    ("program-hung", &["hung process", "D state", "uninterruptible sleep"]),
    ("tcp-memory", &["memory pressure", "out of socket memory"]),
    ("three-way-handshake", &["simultaneous open", "self connect"]),
    ("states", &["state diagram"]),
    ("bound-inactive", &["bound but not listening"]),
    ("unix-backlog-full", &["unix socket queue"]),
    ("peer-zero-window", &["slow client", "slowloris"]),
];

fn wrong(word: &str, wanted: &str) -> Option<String> {
    let found = book::search::find(word, Lang::Zh).map(|topic| topic.name);
    (found != Some(wanted)).then(|| format!("{word}: {found:?}, not {wanted}"))
}

#[test]
fn what_people_ask_in_chinese_leads_to_its_topic() {
    super::assert_none(
        &ASKED.iter().flat_map(|(topic, words)| words.iter().filter_map(|word| wrong(word, topic))).collect::<Vec<_>>(),
    );
}

#[test]
fn what_people_ask_in_english_leads_to_its_topic() {
    let found = |word: &str| book::search::find(word, Lang::En).or_else(|| book::search::within(word, Lang::En));
    let wrong = |(topic, words): &(&str, &[&str])| -> Vec<String> {
        let found = words.iter().map(|word| (word, found(word).map(|found| found.name)));
        found
            .filter(|(_, found)| *found != Some(*topic))
            .map(|(word, found)| format!("{word}: {found:?}, not {topic}"))
            .collect()
    };
    super::assert_none(&ASKED_IN_ENGLISH.iter().flat_map(wrong).collect::<Vec<_>>());
    for word in ["foo bar", "the weather", "head of line", "a", "of the", "syn ack nothing else here at all"] {
        assert_eq!(found(word).map(|topic| topic.name), None, "{word}");
    }
}

/// Around every state: as people complain about it.
#[test]
fn states_are_found_with_what_people_put_around_them() {
    let mut found = Vec::new();
    for (name, state) in names::STATES {
        let topic = state.to_string();
        for word in [(*name).to_owned(), format!("{name}状态"), format!("{name} 过多"), format!("{topic} 过多怎么办")]
        {
            found.extend(wrong(&word, &topic));
        }
    }
    super::assert_none(&found);
}

#[test]
fn what_is_no_name_of_a_topic_is_not_found() {
    for word in ["天气", "你好", "怎么办", "过多", "数据库慢查询", "的", "状态码"] {
        assert_eq!(book::search::find(word, Lang::Zh).map(|topic| topic.name), None, "{word}");
    }
}
