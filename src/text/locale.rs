//! Which language and which characters the user's locale asks for.

use super::Lang;

/// The abilities of a locale.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Locale {
    /// The language to speak.
    pub lang: Lang,
    /// Whether output may hold other characters than ASCII.
    pub unicode: bool,
}

/// Reads `LC_ALL`, `LC_MESSAGES`, `LC_CTYPE` and `LANG` as `setlocale` does: the first that is set counts.
///
/// Another character set than UTF-8 gets English in ASCII; where none is named, drawings are ASCII.
pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Locale {
    let first = |names: &[&str]| {
        names.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty()).unwrap_or_default()
    };
    let unicode = is_utf8(&first(&["LC_ALL", "LC_CTYPE", "LANG"]));
    let language = first(&["LC_ALL", "LC_MESSAGES", "LANG"]);
    // Where none is named, terminals take UTF-8; another one that is named, as in `zh_CN.GB18030`, is meant.
    let may_be_utf8 = unicode || !language.contains('.');
    Locale { lang: Lang::of_locale(&language).filter(|_| may_be_utf8).unwrap_or(Lang::En), unicode }
}

/// Whether a locale's name ends in a UTF-8 character set: `zh_CN.UTF-8`, `C.utf8@modifier`.
fn is_utf8(locale: &str) -> bool {
    let charset = locale.split('@').next().and_then(|name| name.split_once('.'));
    charset.is_some_and(|(_, charset)| charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(variables: &[(&str, &str)]) -> Locale {
        from_environment(&|name| variables.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let zh = Locale { lang: Lang::Zh, unicode: true };
        let en = Locale { lang: Lang::En, unicode: true };
        assert_eq!(locale(&[("LANG", "zh_CN.UTF-8")]), zh);
        assert_eq!(locale(&[("LC_ALL", ""), ("LANG", "zh_TW.utf8")]), zh);
        assert_eq!(locale(&[("LC_ALL", "C.UTF-8"), ("LANG", "zh_CN.UTF-8")]), en);
        assert_eq!(locale(&[("LC_MESSAGES", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")]), zh);
        assert_eq!(locale(&[("LC_MESSAGES", "en_US.UTF-8"), ("LANG", "zh_CN.UTF-8")]), en);
    }

    #[test]
    fn a_locale_that_is_not_utf8_gets_english_in_ascii() {
        let ascii = Locale { lang: Lang::En, unicode: false };
        for lang in ["zh", "zh_CN", "zh-CN", "zh_TW", "zh_CN@pinyin"] {
            assert_eq!(locale(&[("LANG", lang)]), Locale { lang: Lang::Zh, unicode: false }, "{lang}");
        }
        for lang in ["", "C", "POSIX", "de_DE", "zh_CN.GB18030", "zh_TW.Big5", "de_DE.ISO-8859-1"] {
            assert_eq!(locale(&[("LANG", lang)]), ascii, "{lang}");
        }
        assert_eq!(locale(&[]), ascii);
    }
}
