//! Names that people type in Chinese: of states, of the keys of groups, and the characters and words that do not count.

pub use super::plain::plain;
use crate::model::state::State;

/// States, as books, courses and other programs call them.
pub const STATES: &[(&str, State)] = &[
    ("已建立", State::ESTABLISHED),
    ("已建立连接", State::ESTABLISHED),
    ("连接已建立", State::ESTABLISHED),
    ("已连接", State::ESTABLISHED),
    ("监听", State::LISTEN),
    ("侦听", State::LISTEN),
    ("监听中", State::LISTEN),
    ("正在监听", State::LISTEN),
    ("正在连接", State::SYN_SENT),
    ("连接中", State::SYN_SENT),
    ("同步已发送", State::SYN_SENT),
    ("半连接", State::SYN_RECV),
    ("半开连接", State::SYN_RECV),
    ("半打开", State::SYN_RECV),
    ("同步已接收", State::SYN_RECV),
    ("同步收到", State::SYN_RECV),
    ("终止等待1", State::FIN_WAIT1),
    ("FIN等待1", State::FIN_WAIT1),
    ("结束等待1", State::FIN_WAIT1),
    ("终止等待2", State::FIN_WAIT2),
    ("FIN等待2", State::FIN_WAIT2),
    ("结束等待2", State::FIN_WAIT2),
    ("时间等待", State::TIME_WAIT),
    ("超时等待", State::TIME_WAIT),
    ("等待2MSL", State::TIME_WAIT),
    ("2MSL等待", State::TIME_WAIT),
    ("关闭等待", State::CLOSE_WAIT),
    ("等待关闭", State::CLOSE_WAIT),
    ("最后确认", State::LAST_ACK),
    ("等待最后确认", State::LAST_ACK),
    ("正在关闭", State::CLOSING),
    ("关闭中", State::CLOSING),
    ("同时关闭中", State::CLOSING),
    ("已关闭", State::CLOSE),
    ("未连接", State::CLOSE),
    ("绑定未使用", State::BOUND_INACTIVE),
    ("只绑定未使用", State::BOUND_INACTIVE),
    ("占而不用", State::BOUND_INACTIVE),
];

/// The keys of groups.
pub const KEYS: &[(&str, &str)] = &[
    ("状态", "state"),
    ("地址族", "family"),
    ("本地地址", "local"),
    ("本地端口", "lport"),
    ("端口", "lport"),
    ("对端", "peer"),
    ("对端地址", "peer"),
    ("对端网段", "peer/24"),
    ("网段", "peer/24"),
    ("对端端口", "pport"),
    ("对端服务", "service"),
    ("服务", "service"),
    ("方向", "direction"),
    ("定时器", "timer"),
    ("用户", "user"),
    ("程序", "proc"),
    ("进程", "pid"),
    ("单元", "unit"),
    ("systemd单元", "unit"),
    ("容器", "container"),
    ("拥塞控制", "cc"),
    ("网卡", "dev"),
    ("网络接口", "dev"),
    ("命名空间", "netns"),
    ("网络命名空间", "netns"),
    ("进程号", "pid"),
    ("用户名", "user"),
    ("程序名", "proc"),
    ("接口", "dev"),
    ("协议版本", "family"),
    ("IP版本", "family"),
    ("拥塞算法", "cc"),
    ("目的服务", "service"),
];

/// A word without `状态` behind it.
pub fn without_state(word: &str) -> &str {
    word.strip_suffix("状态").or_else(|| word.strip_suffix("狀態")).unwrap_or(word)
}

/// Whether a word names all states in Chinese.
pub fn is_all_states(word: &str) -> bool {
    matches!(word, "全部" | "所有")
}

/// The state that a Chinese word names, with or without `状态` behind it.
pub fn state(word: &str) -> Option<State> {
    named(STATES, without_state(word))
}

/// What a word names of a list of Chinese names; at once for a word without Chinese, of which a filter has many.
pub fn named<T: Copy>(names: &[(&str, T)], word: &str) -> Option<T> {
    let plain_word = Some(word).filter(|word| !word.is_ascii()).map(plain)?;
    names.iter().find(|(name, _)| plain(name) == plain_word).map(|&(_, named)| named)
}

/// Words that people put around the name of a thing.
pub const FILLERS: &[&str] = &[
    "有哪些",
    "什么意思",
    "是什么",
    "什么是",
    "是啥",
    "怎么办",
    "怎么解决",
    "怎么处理",
    "怎么排查",
    "怎么查",
    "怎么看",
    "怎么回事",
    "如何",
    "怎么",
    "为什么",
    "为何",
    "为啥",
    "过多",
    "太多",
    "很多",
    "较多",
    "大量",
    "出现",
    "产生",
    "堆积",
    "积压",
    "过高",
    "很高",
    "过大",
    "过长",
    "太大",
    "太小",
    "过小",
    "满",
    "泄漏",
    "异常",
    "错误",
    "报错",
    "失败",
    "故障",
    "问题",
    "状态",
    "现象",
    "原因",
    "原理",
    "机制",
    "过程",
    "流程",
    "详解",
    "介绍",
    "作用",
    "含义",
    "概念",
    "定义",
    "参数",
    "设置",
    "配置",
    "调优",
    "优化",
    "排查",
    "定位",
    "处理",
    "解决",
    "方法",
    "方案",
    "区别",
    "连接数",
    "个数",
    "数量",
    "数",
    "查看",
    "监控",
    "统计",
    "分析",
    "解释",
    "一直",
    "不释放",
    "不消失",
    "不关闭",
    "增多",
    "增长",
    "上涨",
    "飙升",
    "升高",
    "断开",
    "服务端",
    "客户端",
    "线上",
    "linux",
    "tcp",
    "有",
    "的",
    "了",
    "吗",
    "和",
    "与",
    "里",
    "中",
    "多",
    "高",
    "是",
    "怎样",
    "连接",
    "套接字",
    "上不去",
    "降不下来",
    "居高不下",
    "怎么清理",
    "清理",
    "危害",
    "影响",
    "有用吗",
    "不生效",
    "多大",
    "多少",
    "大小",
    "解决办法",
    "办法",
    "激增",
    "暴涨",
    "暴增",
    "突增",
    "飙高",
    "偏高",
    "超高",
    "好多",
    "一堆",
    "面试题",
    "面试",
    "图解",
    "流程图",
    "示意图",
    "抓包",
    "看到",
    "收到",
    "日志里",
    "日志",
    "提示",
    "报",
    "谁",
    "偶发",
    "偶尔",
    "突然",
    "频繁",
    "经常",
    "总是",
    "为",
    "要",
    "时候",
    "时",
    "很",
    "中文",
    "翻译",
    "意思",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fillers_are_plain() {
        // Otherwise they would never match the end of a question.
        assert_eq!(
            FILLERS.iter().filter(|filler| plain(filler) != **filler).collect::<Vec<_>>(),
            [""; 0].iter().collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_state_is_known_by_its_chinese_names() {
        for (word, known) in [("已建立", State::ESTABLISHED), ("監聽", State::LISTEN), ("等待 2MSL", State::TIME_WAIT)]
        {
            assert_eq!(state(word), Some(known), "{word}");
            assert_eq!(state(&format!("{word}状态")), Some(known), "{word}");
        }
        assert_eq!([state("状态"), state(""), state("连接")], [None; 3]);
    }
}
