//! Figures in texts follow from the constants of the kernel, and what tutorials get wrong is right.

use std::time::Duration;

use sockdoc::{
    book,
    model::constants::{FIRST_TIMEOUT, ORPHAN_RETRIES, RTO_MAX, RTO_MIN, TIME_WAIT, keepalive, tries},
    text::Lang,
};

fn text(name: &str, lang: Lang) -> String {
    super::markdown(&book::search::find(name, lang).unwrap())
}

/// The figure of a topic, as each language writes it.
fn assert_says(name: &str, english: &str, chinese: &str) {
    for (lang, figure) in [(Lang::En, english), (Lang::Zh, chinese)] {
        let text = text(name, lang);
        assert!(text.contains(figure), "{}/{name} does not say {figure}:\n{text}", lang.name());
    }
}

/// A length of time in seconds, with a tenth where it has one.
fn seconds(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    if tenths.is_multiple_of(10) { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[test]
fn times_are_those_of_the_kernel() {
    let said = |name: &str, time: Duration| {
        let time = seconds(time);
        assert_says(name, &format!("{time} s"), &format!("{time} 秒"));
    };
    let connect = tries(FIRST_TIMEOUT, 6, 4, RTO_MAX);
    let half_open = tries(FIRST_TIMEOUT, 5, 0, RTO_MAX);
    said("TIME_WAIT", TIME_WAIT);
    said("states", TIME_WAIT);
    said("SYN_SENT", connect);
    said("states", connect);
    said("ETIMEDOUT", connect);
    said("SYN_RECV", half_open);
    said("states", half_open);
    said("retransmission", tries(RTO_MIN, 15, 0, RTO_MAX));
    let orphan = tries(RTO_MIN, ORPHAN_RETRIES, 0, RTO_MAX);
    // Timers fire late: 102.2 s by the constants, 105 s by the clock.
    assert!((102..=105).contains(&orphan.as_secs()));
    for name in ["FIN_WAIT1", "states", "LAST_ACK"] {
        assert_says(name, "105 s", "105 秒");
    }
    let vanished = keepalive(Duration::from_secs(7200), Duration::from_secs(75), 9).as_secs() / 60;
    assert_eq!(vanished, 131);
    assert_says("keepalive", "2 h 11 min", "2 小时 11 分");
}

#[test]
fn what_tutorials_get_wrong_is_right() {
    for lang in [Lang::En, Lang::Zh] {
        let text = text("TIME_WAIT", lang);
        for needed in ["60", "tcp_fin_timeout", "tcp_tw_recycle", "4.12", "Connection: close", "HTTP keep-alive"] {
            assert!(text.contains(needed), "{}: {needed}", lang.name());
        }
        // The cure comes before the second best.
        assert!(text.find("HTTP keep-alive") < text.find("Connection: close"));
        assert!(book::search::find("myth-connection-close", lang).is_some());
    }
    let rate = f64::from(60_999u32 - 32_768 + 1) / TIME_WAIT.as_secs_f64();
    assert!((470.0..471.0).contains(&rate));
    assert_says("TIME_WAIT", "470", "470");
}
