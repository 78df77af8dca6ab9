//! The names of option values and words of the command line in help: `FILE`, in Chinese `文件`.

use super::Lang;

/// Names of values; those that are letters in both languages (`N`, `ID`, `A`) are not among them.
const CHINESE: &[(&str, &str)] = &[
    ("ADDRESS", "地址"),
    ("COLUMN", "列"),
    ("COMMAND", "命令"),
    ("DIR", "目录"),
    ("DURATION", "时长"),
    ("ENGINE", "方式"),
    ("FAMILY", "地址族"),
    ("FILE", "文件"),
    ("FILTER", "过滤条件"),
    ("FMT", "格式"),
    ("GOAL", "条件"),
    ("HOST:PORT", "主机:端口"),
    ("KEYS", "分组键"),
    ("LANG", "语言"),
    ("LIST", "列表"),
    ("NAME", "名称"),
    ("OPTIONS", "选项"),
    ("PAGE", "手册页"),
    ("PROGRAM", "程序"),
    ("RULE", "规则"),
    ("RULE.NAME=VALUE", "规则.阈值=值"),
    ("RULES", "规则"),
    ("SEVERITY", "级别"),
    ("SIZE", "大小"),
    ("TOPIC", "主题"),
    ("WHAT", "内容"),
    ("WHEN", "何时"),
    ("WORDS", "参数"),
];

/// The name of a value in a language.
pub fn value_name(name: &str, lang: Lang) -> &str {
    let known = || CHINESE.iter().find(|(english, _)| *english == name).map(|(_, chinese)| *chinese);
    (lang == Lang::Zh).then(known).flatten().unwrap_or(name)
}
