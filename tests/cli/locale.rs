//! Which language and which characters the environment asks for.

use crate::program::{EVERY_COMMAND, ran, sockdoc};

/// Whether a text has Chinese characters.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|character| ('一'..='龥').contains(&character))
}

fn screen(variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = sockdoc(arguments);
    command.env_remove("LC_ALL").envs(variables.iter().copied());
    let ran = ran(&mut command);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.stdout
}

pub(crate) fn the_first_variable_that_is_set_chooses_the_language() {
    let chinese: [&[(&str, &str)]; 7] = [
        // Without a character set: terminals take UTF-8.
        &[("LANG", "zh_CN")],
        &[("LANG", "zh-TW")],
        &[("LANG", "ZH_hk.UTF-8")],
        &[("LC_ALL", "zh_CN.UTF-8")],
        &[("LANG", "zh_CN.UTF-8")],
        &[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW.utf8"), ("LANG", "en_US.UTF-8")],
        &[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "C")],
    ];
    for variables in chinese {
        assert!(is_chinese(&screen(variables, &[])), "{variables:?}");
        assert!(is_chinese(&screen(variables, &["--help"])), "{variables:?}");
    }
    let english: [&[(&str, &str)]; 7] = [
        &[],
        &[("LC_ALL", "C")],
        &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")],
        &[("LC_ALL", "en_GB.UTF-8"), ("LANG", "zh_CN.UTF-8")],
        &[("LANG", "zh_CN.GB18030")],
        &[("LANG", "de_DE.UTF-8")],
        &[("LC_MESSAGES", "en_US.UTF-8"), ("LANG", "zh_CN.UTF-8")],
    ];
    for variables in english {
        assert!(!is_chinese(&screen(variables, &[])), "{variables:?}");
        assert!(!is_chinese(&screen(variables, &["--help"])), "{variables:?}");
    }
}

pub(crate) fn a_locale_that_is_not_utf8_gets_nothing_but_ascii_from_every_command() {
    for locale in ["C", "POSIX", "zh_CN.GB18030", "zh_TW.Big5", "de_DE", "de_DE.ISO-8859-1", ""] {
        for arguments in EVERY_COMMAND {
            let ran = ran(sockdoc(*arguments).env("LC_ALL", locale));
            // Names of sockets and users in a document are theirs, not ours.
            let ours = !arguments.contains(&"--json") && !arguments.contains(&"csv");
            assert!(!ours || (ran.stdout.is_ascii() && ran.stderr.is_ascii()), "{locale:?} {arguments:?}: {ran:?}");
        }
    }
}

pub(crate) fn errors_in_such_a_locale_are_ascii_too() {
    for word in ["tme-wait", "状态", "é"] {
        let ran = ran(sockdoc(["count", word]).env("LC_ALL", "C"));
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.is_ascii(), "{ran:?}");
    }
}

pub(crate) fn the_option_outweighs_every_variable() {
    for locale in ["C", "C.UTF-8", "en_US.UTF-8"] {
        assert!(is_chinese(&screen(&[("LC_ALL", locale)], &["--lang", "zh"])), "{locale}");
    }
    for word in ["zh_CN", "zh-CN", "zh_CN.UTF-8", "zh_TW", "ZH"] {
        assert!(is_chinese(&screen(&[("LC_ALL", "C")], &["--lang", word])), "{word}");
        assert!(is_chinese(&screen(&[("LC_ALL", "C")], &["count", &format!("--lang={word}"), "--help"])), "{word}");
    }
    assert!(!is_chinese(&screen(&[("LC_ALL", "zh_CN.UTF-8")], &["--lang", "en_US.UTF-8"])));
    assert!(!is_chinese(&screen(&[("LC_ALL", "zh_CN.UTF-8")], &["--lang", "en"])));
    assert!(!is_chinese(&screen(&[("LC_ALL", "zh_CN.UTF-8")], &["--lang=en", "--help"])));
}

pub(crate) fn a_utf8_locale_gets_signs_that_ascii_has_not() {
    assert!(screen(&[("LC_ALL", "C.UTF-8")], &[]).contains('·'));
    assert!(screen(&[("LC_ALL", "C")], &[]).contains(" | "));
}

pub(crate) fn documents_are_the_same_in_every_language() {
    for arguments in [&["group", "--by", "state", "--format", "csv", "listen"][..], &["completions", "fish"]] {
        let english = screen(&[("LC_ALL", "C")], arguments);
        assert_eq!(screen(&[("LC_ALL", "zh_CN.UTF-8")], arguments).lines().next(), english.lines().next());
    }
    assert!(!is_chinese(&screen(&[("LC_ALL", "zh_CN.UTF-8")], &["count", "--json"])));
    let overview = screen(&[("LC_ALL", "zh_CN.UTF-8")], &["--json"]);
    let document: serde_json::Value = serde_json::from_str(&overview).unwrap();
    assert!(!is_chinese(&document["states"].to_string()) && !is_chinese(&document["gaps"].to_string()), "{overview}");
}
