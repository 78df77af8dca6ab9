//! A filter in the grammar of `ss` only, for the command of that name: `and` and `or` bind from left to right, a bare
//! word is an error, and a family before an end applies to the terms after it.

use super::{Filter, error::Problem, host, names::Names, prelude::*, value};

/// A filter of `ss`.
#[derive(Debug)]
pub struct SsFilter {
    /// Which sockets it takes.
    pub filter: Filter,
    /// The family that was named last; it alone is shown.
    pub family: Option<Family>,
}

/// The fault and its word; `None` if the filter ends too early.
pub type Misfit = (Problem, String);

/// Reads the words of a command line and the lines of a file; `preferred` is the family that an option named.
///
/// # Errors
/// The first word that does not fit.
pub fn parse(words: &[String], file: &str, preferred: Option<Family>, names: &dyn Names) -> Result<SsFilter, Misfit> {
    let lines = file.lines().filter(|line| !line.starts_with(['#', '0']));
    let texts = words.iter().map(String::as_str).chain(lines);
    let mut parser =
        SsParser { words: texts.flat_map(split).collect(), at: 0, names, preferred, family: None, depth: 0 };
    if parser.words.is_empty() {
        return Ok(SsFilter { filter: Filter::everything(), family: None });
    }
    let expr = parser.list()?;
    match parser.peek() {
        Some(_) => Err(parser.misfit(Problem::Unopened)),
        None => Ok(SsFilter { filter: Filter::of(expr), family: parser.family }),
    }
}

/// The words of a text: blanks part them, and a backslash quotes the next character.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\\' => word.get_or_insert_with(String::new).extend(characters.next()),
            character => word.get_or_insert_with(String::new).push(character),
        }
    }
    words.extend(word);
    words
}

/// How deep parentheses may be nested.
const DEEPEST: usize = 200;

struct SsParser<'a> {
    words: Vec<String>,
    at: usize,
    names: &'a dyn Names,
    preferred: Option<Family>,
    family: Option<Family>,
    depth: usize,
}

impl SsParser<'_> {
    /// Conditions up to the end or a closing parenthesis; each joint applies to all conditions before it.
    fn list(&mut self) -> Result<Expr, Misfit> {
        let mut expr = self.one()?;
        while let Some(word) = self.peek() {
            let joint = word.to_owned();
            match joint.as_str() {
                ")" => break,
                "|" | "||" | "or" => {
                    self.at += 1;
                    expr = Expr::any(vec![expr, self.one()?]);
                }
                joint => {
                    self.at += usize::from(matches!(joint, "&" | "&&" | "and"));
                    expr = Expr::all(vec![expr, self.one()?]);
                }
            }
        }
        Ok(expr)
    }

    fn one(&mut self) -> Result<Expr, Misfit> {
        if self.depth == DEEPEST {
            return Err((Problem::TooDeep { limit: DEEPEST }, String::new()));
        }
        let word = self.next(Problem::UnexpectedEnd)?;
        self.depth += 1;
        let expr = match word.as_str() {
            "!" | "not" => self.one()?.negated(),
            "(" => {
                let inner = self.list()?;
                self.next(Problem::Unclosed)?;
                inner
            }
            "src" => self.end(Side::Local)?,
            "dst" => self.end(Side::Peer)?,
            "sport" => self.port(Side::Local)?,
            "dport" => self.port(Side::Peer)?,
            "autobound" => is(Op::Equal, Test::Autobound),
            "dev" => self.equal(|parser, word| {
                let index = parser.names.interface(word).or_else(|| value::number32(word));
                index.map(Test::Device).ok_or(Problem::UnknownInterface)
            })?,
            "fwmark" => self.equal(|_, word| {
                let (mark, mask) = word.split_once('/').unwrap_or((word, "0xffffffff"));
                let number = |text| value::number32(text).ok_or(Problem::BadMark);
                Ok(Test::Mark { mark: number(mark)?, mask: number(mask)? })
            })?,
            "cgroup" => self.equal(|parser, word| {
                let id = parser.names.cgroup(word).ok_or(Problem::UnknownCgroup)?;
                Ok(Test::Cgroup { id, path: word.into() })
            })?,
            // A word that the language lacks is read as an address first, and refused after that.
            word => {
                let problem = host::read(word, self.names).err().unwrap_or(Problem::Unexpected);
                return Err((problem, word.to_owned()));
            }
        };
        self.depth -= 1;
        Ok(expr)
    }

    /// A value that is the same or not.
    fn equal(&mut self, read: impl Fn(&Self, &str) -> Result<Test, Problem>) -> Result<Expr, Misfit> {
        let op = self.operator();
        if op.is_ordering() {
            self.at -= 1;
            return Err(self.misfit(Problem::NotOrdered));
        }
        let word = self.next(Problem::UnexpectedEnd)?;
        let test = read(self, &word).map_err(|problem| (problem, word))?;
        Ok(is(op, test))
    }

    /// An address, with a port or without.
    fn end(&mut self, side: Side) -> Result<Expr, Misfit> {
        if self.operator() != Op::Equal {
            self.at -= 1;
            return Err(self.misfit(Problem::Unexpected));
        }
        let word = self.next(Problem::UnexpectedEnd)?;
        let of_family = self.of_family(&word);
        // No path without its family, and no length behind brackets.
        let hosts = match of_family.starts_with(['/', '@']) || of_family.contains("]/") {
            true => Err(Problem::BadAddress),
            false => host::read(&of_family, self.names),
        };
        let hosts = hosts.map_err(|problem| (problem, word))?.into_iter();
        Ok(Expr::any(hosts.map(|host| is(Op::Equal, Test::Host(side, host))).collect()))
    }

    /// A port, or the number that other families have instead. Numbers have a sign there: one that a netlink socket got
    /// from the kernel is less than any other, and its peer's is -1.
    fn port(&mut self, side: Side) -> Result<Expr, Misfit> {
        let op = self.operator();
        let word = self.next(Problem::UnexpectedEnd)?;
        let of_family = self.of_family(&word);
        let (family, rest) = host::family(&of_family);
        let any = |host| is(Op::Equal, Test::Host(side, host));
        let is_no_more = matches!(op, Op::Less | Op::LessEqual);
        if family == Some(Family::Unix) {
            // Here it is a name, and in an order the lack of a port.
            return Ok(match op {
                Op::Equal => any(HostPattern::Unix(rest.into())),
                Op::NotEqual => any(HostPattern::Unix(rest.into())).negated(),
                _ if is_no_more => any(HostPattern::Any(None)).negated(),
                _ => any(HostPattern::Any(None)),
            });
        }
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let port = match family {
            Some(Family::Netlink) if rest == "kernel" => Ok(Some(0)),
            Some(Family::Packet) if self.names.interface(rest).is_some() => Ok(self.names.interface(rest)),
            None | Some(Family::Inet | Family::Inet6) => host::port16(rest, self.names).map(|port| port.map(u32::from)),
            Some(_) => host::port(rest, self.names),
        };
        let Some(port) = port.map_err(|problem| (problem, word))? else {
            // Any port: -1, which is not more than any other, and which equals a missing port.
            let any = any(HostPattern::Any(None));
            return Ok(if is_no_more || op == Op::NotEqual { any.negated() } else { any });
        };
        let is_less = match side {
            Side::Peer => is(Op::Equal, Test::Family(Family::Netlink)),
            _ => is(Op::Greater, Test::Port(side, None, i32::MAX as u32)),
        };
        let test = is(op, Test::Port(side, None, port));
        Ok(match op {
            Op::Equal | Op::Greater | Op::GreaterEqual => Expr::all(vec![test, is_less.negated()]),
            Op::NotEqual | Op::Less | Op::LessEqual => Expr::any(vec![test, is_less]),
        })
    }

    /// The word with the family before it that it has or that was named last, which is then the last.
    fn of_family(&mut self, word: &str) -> String {
        let named = if word.starts_with(['/', '@']) { None } else { host::family(word).0 };
        let Some(family) = named.or(self.preferred) else { return word.to_owned() };
        self.preferred = Some(family);
        self.family = Some(family);
        if named.is_some() { word.to_owned() } else { format!("{}{word}", host::prefix(family)) }
    }

    /// The comparison at this place; the default is `=`.
    fn operator(&mut self) -> Op {
        let op = match self.peek() {
            Some("=" | "==" | "eq") => Op::Equal,
            Some("!=" | "ne" | "neq") => Op::NotEqual,
            Some("<" | "lt") => Op::Less,
            Some("<=" | "le" | "leq") => Op::LessEqual,
            Some(">" | "gt") => Op::Greater,
            Some(">=" | "ge" | "geq") => Op::GreaterEqual,
            _ => return Op::Equal,
        };
        self.at += 1;
        op
    }

    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn next(&mut self, missing: Problem) -> Result<String, Misfit> {
        let word = self.words.get(self.at).cloned().ok_or_else(|| (missing, String::new()))?;
        self.at += 1;
        Ok(word)
    }

    fn misfit(&self, problem: Problem) -> Misfit {
        (problem, self.peek().unwrap_or_default().to_owned())
    }
}

fn is(op: Op, test: Test) -> Expr {
    Expr::Is(Condition { op, test })
}

#[cfg(test)]
mod tests {
    use super::{super::names::NoNames, *};

    fn read(text: &str, file: &str, preferred: Option<Family>) -> Result<SsFilter, Misfit> {
        parse(&[text.to_owned()], file, preferred, &NoNames)
    }

    #[test]
    fn joints_bind_from_left_to_right() {
        let expr = |text: &str| read(text, "", None).unwrap().filter.expr;
        assert!(matches!(expr("dport = 1 or dport = 2 and sport = 3"), Some(Expr::And(_))));
        assert!(matches!(expr("dport = 1 and dport = 2 | sport = 3"), Some(Expr::Or(_))));
        assert!(matches!(expr("dport = 1 or ( dport = 2 sport = 3 )"), Some(Expr::Or(_))));
        assert_eq!(expr("dport 1 sport :3"), expr("dport == :1 && sport eq 3"));
        assert_eq!(expr("not dport != 1"), expr("! ( dport neq 1 )"));
        assert_eq!(expr(" "), None);
        let of_file = read("", "# of ours\n0 left out\ndport = 1\n", None).unwrap();
        assert_eq!(of_file.filter.expr, expr("dport = 1"));
    }

    #[test]
    fn the_family_named_last_holds() {
        let family = |text: &str, preferred| read(text, "", preferred).unwrap().family;
        assert_eq!(family("src inet:10.0.0.1 dst 10.0.0.2", None), Some(Family::Inet));
        assert_eq!(family("src /run/x", Some(Family::Unix)), Some(Family::Unix));
        assert_eq!(family("src 10.0.0.1 sport 1", None), None);
        assert!(read("src inet6:[::1] dst 10.0.0.2", "", None).is_err());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        for (text, problem, word) in [
            ("sport =", Problem::UnexpectedEnd, ""),
            ("( sport = 1", Problem::Unclosed, ""),
            ("sport = 1 )", Problem::Unopened, ")"),
            ("src != 10.0.0.1", Problem::Unexpected, "!="),
            ("dev > lo", Problem::NotOrdered, ">"),
            ("10.0.0.1", Problem::Unexpected, "10.0.0.1"),
            ("nginx", Problem::UnknownHost, "nginx"),
            ("src /run/x", Problem::BadAddress, "/run/x"),
            ("src [::1]/64", Problem::BadAddress, "[::1]/64"),
            ("dev lo", Problem::UnknownInterface, "lo"),
        ] {
            assert_eq!(read(text, "", None).unwrap_err(), (problem, word.to_owned()), "{text}");
        }
        let deep = "( ".repeat(1_000);
        assert_eq!(read(&deep, "", None).unwrap_err().0, Problem::TooDeep { limit: DEEPEST });
    }
}
