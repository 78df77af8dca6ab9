//! The words of the system for its errors, which Rust and the kernel give in English.

use super::Lang;

/// glibc's Chinese names, and then the messages of Rust and this program about reading and writing.
const CHINESE: &[(&str, &str)] = &[
    ("Operation not permitted", "不允许的操作"),
    ("No such file or directory", "没有那个文件或目录"),
    ("No such process", "没有那个进程"),
    ("Interrupted system call", "被中断的系统调用"),
    ("Input/output error", "输入/输出错误"),
    ("No such device or address", "没有那个设备或地址"),
    ("Argument list too long", "参数列表过长"),
    ("Bad file descriptor", "错误的文件描述符"),
    ("Resource temporarily unavailable", "资源暂时不可用"),
    ("Cannot allocate memory", "无法分配内存"),
    ("Permission denied", "权限不够"),
    ("Bad address", "错误的地址"),
    ("Device or resource busy", "设备或资源忙"),
    ("File exists", "文件已存在"),
    ("No such device", "没有那个设备"),
    ("Not a directory", "不是目录"),
    ("Is a directory", "是一个目录"),
    ("Invalid argument", "无效的参数"),
    ("Too many open files in system", "系统中打开的文件过多"),
    ("Too many open files", "打开的文件过多"),
    ("Inappropriate ioctl for device", "对设备不适当的 ioctl 操作"),
    ("File too large", "文件过大"),
    ("No space left on device", "设备上没有空间"),
    ("Illegal seek", "非法 seek 操作"),
    ("Read-only file system", "只读文件系统"),
    ("Broken pipe", "断开的管道"),
    ("File name too long", "文件名过长"),
    ("Function not implemented", "函数未实现"),
    ("Too many levels of symbolic links", "符号连接的层数过多"),
    ("Value too large for defined data type", "对已定义的数据类型来说值过大"),
    ("Protocol not supported", "不支持的协议"),
    ("Operation not supported", "不支持的操作"),
    ("Address family not supported by protocol", "协议不支持的地址族"),
    ("No buffer space available", "没有可用的缓冲区空间"),
    ("Connection timed out", "连接超时"),
    ("Connection refused", "拒绝连接"),
    ("Connection reset by peer", "连接被对方重设"),
    ("Software caused connection abort", "由软件导致的连接断开"),
    ("No route to host", "没有到主机的路由"),
    ("Network is unreachable", "网络不可达"),
    ("Network is down", "网络已关闭"),
    ("Protocol not available", "不可用的协议"),
    ("Cannot assign requested address", "无法指定被请求的地址"),
    ("Address already in use", "地址已在使用"),
    ("Disk quota exceeded", "超出磁盘限额"),
    ("file too large", "文件过大"),
    ("unexpected end of file", "文件意外结束"),
    ("invalid input parameter", "无效的参数"),
    ("operation interrupted", "操作被中断"),
    ("entity not found", "找不到"),
    ("unsupported", "不支持"),
    ("no answer in 30 s", "30 秒内没有应答"),
    ("the table changed under every try", "每次读取时表都在变化"),
    ("not recorded", "记录里没有"),
    ("not UTF-8", "名称不是 UTF-8"),
    ("not in text", "文本里没有"),
    ("malformed netlink message", "netlink 消息格式错误"),
];

/// An error as Rust writes it, without the number of the kernel: `Permission denied (os error 13)`.
fn without_number(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(')'))
}

/// An error of the system in a language: `netlink: Permission denied (os error 13)` is `netlink：权限不够`.
pub fn system_error(text: &str, lang: Lang) -> String {
    if lang != Lang::Zh {
        return without_number(text);
    }
    let parts = text.split(": ").map(|part| {
        let plain = part.split(" (os error").next().unwrap_or(part);
        let known = CHINESE.iter().find(|(english, _)| *english == plain).map(|(_, chinese)| (*chinese).to_owned());
        known.or_else(|| Some(format!("读取 {}", part.strip_prefix("reading ")?))).unwrap_or_else(|| part.to_owned())
    });
    parts.collect::<Vec<_>>().join("：")
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_systems_errors_are_known_by_the_words_that_rust_gives_them() {
        let numbers =
            [1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 14, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 32, 36];
        let more = [38, 40, 75, 93, 95, 97, 105, 110, 111, 122];
        for number in numbers.into_iter().chain(more) {
            let error = io::Error::from_raw_os_error(number).to_string();
            let chinese = system_error(&format!("/x: {error}"), Lang::Zh);
            assert!(chinese.starts_with("/x：") && !chinese.contains("os error"), "{error}: {chinese}");
            let english = system_error(&format!("/x: {error}: y"), Lang::En);
            assert!(
                english.starts_with("/x: ") && english.ends_with(": y") && !english.contains("os error"),
                "{english}"
            );
        }
        for kind in [io::ErrorKind::FileTooLarge, io::ErrorKind::UnexpectedEof, io::ErrorKind::Unsupported] {
            let error = io::Error::from(kind).to_string();
            assert_ne!(system_error(&error, Lang::Zh), error);
        }
    }
}
