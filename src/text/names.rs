//! Names that people type in Chinese: of states, of the keys of groups, and the characters and words that do not count.

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
    ("结束等待1", State::FIN_WAIT1),
    ("终止等待2", State::FIN_WAIT2),
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
];

/// The state that a Chinese word names, with or without `状态` behind it.
pub fn state(word: &str) -> Option<State> {
    let word = plain(word);
    let word = word.strip_suffix("状态").unwrap_or(&word);
    STATES.iter().find(|(name, _)| plain(name) == word).map(|(_, state)| *state)
}

/// A word without the differences of spellings: case, blanks, marks, and traditional characters.
pub fn plain(word: &str) -> String {
    let letters = word.chars().filter(|character| character.is_alphanumeric());
    if word.is_ascii() {
        return letters.map(|letter| letter.to_ascii_lowercase()).collect();
    }
    let mut plain: String = letters.flat_map(char::to_lowercase).map(simplified).collect();
    for (taiwan, mainland) in WORDS.iter().filter(|(taiwan, _)| plain.contains(taiwan)).collect::<Vec<_>>() {
        plain = plain.replace(taiwan, mainland);
    }
    plain
}

/// Words of Taiwan and Hong Kong, in simplified characters.
const WORDS: &[(&str, &str)] = &[
    ("通讯端", "套接字"),
    ("连接埠", "端口"),
    ("通讯埠", "端口"),
    ("连线", "连接"),
    ("联机", "连接"),
    ("封包", "包"),
    ("伫列", "队列"),
    ("逾时", "超时"),
    ("重新传送", "重传"),
    ("档案", "文件"),
    ("描述元", "描述符"),
    ("伺服器", "服务器"),
    ("交握", "握手"),
    ("滑动视窗", "滑动窗口"),
    ("视窗", "窗口"),
    ("壅塞", "拥塞"),
];

/// Traditional characters, and behind them the simplified ones.
const TRADITIONAL: &str = "揮線連關閉監聽隊佇斷開狀態機擁動視啟傳輸發長複復應轉換圖內數據報資測試檔號誤錯無權絕達時間記憶體緩衝區處滿過載輪詢單雙邊確認終結網絡協議層驗證執環圍觀節點緊張遺丟棄細殭屍備請讀寫隨後個麼辦為問題這對調優獨佔響類標誌臨鏈導檢產殘慮續徹雜濾進還歸縮積壓較會學習嗎樣與誰樹塊錄壞軟設統計構義詳釋決棧";
const SIMPLIFIED: &str = "挥线连关闭监听队伫断开状态机拥动视启传输发长复复应转换图内数据报资测试档号误错无权绝达时间记忆体缓冲区处满过载轮询单双边确认终结网络协议层验证执环围观节点紧张遗丢弃细僵尸备请读写随后个么办为问题这对调优独占响类标志临链导检产残虑续彻杂滤进还归缩积压较会学习吗样与谁树块录坏软设统计构义详释决栈";

fn simplified(character: char) -> char {
    if character.is_ascii() {
        return character;
    }
    let pair = TRADITIONAL.chars().zip(SIMPLIFIED.chars()).find(|(traditional, _)| *traditional == character);
    pair.map_or(character, |(_, simplified)| simplified)
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
    "不足",
    "不够用",
    "不够",
    "耗尽",
    "用尽",
    "用完",
    "占满",
    "爆满",
    "满了",
    "已满",
    "满",
    "溢出",
    "泄漏",
    "泄露",
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
    "服务器",
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
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_traditional_character_has_its_simplified_one() {
        assert_eq!(TRADITIONAL.chars().count(), SIMPLIFIED.chars().count());
        for (traditional, simplified) in
            [("連線", "连接"), ("佇列", "队列"), ("關閉等待", "关闭等待"), ("TCP 狀態", "tcp状态")]
        {
            assert_eq!(plain(traditional), simplified);
        }
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
