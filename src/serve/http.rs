//! HTTP as far as a scraper speaks it: the head of one request, and one answer.

use std::{net::IpAddr, rc::Rc, time::Duration};

use crate::render::metrics::MetricFormat;

/// A longer head is refused.
pub const LONGEST_HEAD: usize = 8 << 10;
/// More headers are.
const MOST_HEADERS: usize = 64;
/// How long a scrape may take where the client does not say.
const PATIENCE: Duration = Duration::from_secs(10);
/// The response is ready this time before the client gives up.
const MARGIN: Duration = Duration::from_millis(200);

/// The requested resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// The metrics, in this format and within this time.
    Metrics(MetricFormat, Duration),
    /// The page at `/`.
    Index,
    /// Whether the program is there.
    Healthy,
    /// Nothing that can be had: the status of the answer.
    Wrong(HttpStatus),
}

/// A request: the resource, and whether the body is wanted (not for `HEAD`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HttpRequest {
    /// The requested resource.
    pub asked: Asked,
    /// Whether only the head is wanted.
    pub head_only: bool,
}

/// The status of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HttpStatus {
    /// 200.
    Ok,
    /// 400.
    BadRequest,
    /// 404.
    NotFound,
    /// 405.
    NotAllowed,
    /// 503: no sample could be taken.
    Unavailable,
}

impl HttpStatus {
    fn line(self) -> &'static str {
        match self {
            HttpStatus::Ok => "200 OK",
            HttpStatus::BadRequest => "400 Bad Request",
            HttpStatus::NotFound => "404 Not Found",
            HttpStatus::NotAllowed => "405 Method Not Allowed",
            HttpStatus::Unavailable => "503 Service Unavailable",
        }
    }
}

/// Reads the head of a request; `None` until it is whole. `is_loopback` says that no other host can ask.
pub fn read(bytes: &[u8], is_loopback: bool) -> Option<HttpRequest> {
    let wrong = |status| Some(HttpRequest { asked: Asked::Wrong(status), head_only: false });
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    match head.parse(bytes) {
        Ok(httparse::Status::Partial) if bytes.len() < LONGEST_HEAD => return None,
        Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => {}
        _ => return wrong(HttpStatus::BadRequest),
    }
    let header = |name: &str| {
        let found = head.headers.iter().filter(|one| one.name.eq_ignore_ascii_case(name));
        found.map(|one| String::from_utf8_lossy(one.value)).collect::<Vec<_>>()
    };
    let hosts = header("host");
    // HTTP/1.1 has one; several are an attack on some proxy before us.
    let is_foreign = || hosts.iter().any(|host| !is_here(host));
    if hosts.len() > 1 || hosts.is_empty() && head.version == Some(1) || is_loopback && is_foreign() {
        return wrong(HttpStatus::BadRequest);
    }
    let head_only = head.method == Some("HEAD");
    if !head_only && head.method != Some("GET") {
        return wrong(HttpStatus::NotAllowed);
    }
    let asked = match path(head.path.unwrap_or_default()) {
        "/metrics" => {
            let seconds = header("x-prometheus-scrape-timeout-seconds").first().and_then(|text| text.parse().ok());
            let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(PATIENCE);
            let time = time.saturating_sub(MARGIN).clamp(MARGIN, 6 * PATIENCE);
            Asked::Metrics(format(&header("accept").join(",")), time)
        }
        "/" => Asked::Index,
        "/-/healthy" => Asked::Healthy,
        _ => Asked::Wrong(HttpStatus::NotFound),
    };
    Some(HttpRequest { asked, head_only })
}

/// The path of a target, which may be a whole address and have a query.
fn path(target: &str) -> &str {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    }
}

/// Whether a `Host` names this host itself.
fn is_here(host: &str) -> bool {
    let host = host.trim();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// The format that `Accept` prefers.
fn format(accept: &str) -> MetricFormat {
    let quality = |is_it: &dyn Fn(&str, &str) -> bool| -> f64 {
        let of = |range: &str| {
            let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
            let kind = parts.next().unwrap_or_default();
            let value = |name: &str| {
                let range = range.to_ascii_lowercase();
                let mut found = range.split(';').filter_map(|part| part.trim().split_once('='));
                found.find(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned())
            };
            let quality = value("q").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            is_it(&kind, &value("version").unwrap_or_default()).then_some(quality)
        };
        accept.split(',').filter_map(of).fold(0.0, f64::max)
    };
    let open = quality(&|kind, version| kind == "application/openmetrics-text" && ["", "1.0.0"].contains(&version));
    let text = quality(&|kind, _| matches!(kind, "text/plain" | "text/*" | "*/*"));
    if open > 0.0 && open >= text { MetricFormat::OpenMetrics } else { MetricFormat::Text }
}

/// An answer; many may share a body.
#[derive(Debug)]
pub struct HttpAnswer {
    head: Vec<u8>,
    body: Rc<[u8]>,
}

impl HttpAnswer {
    /// The response after this number of bytes, or a first part of that; empty at the end.
    pub fn after(&self, sent: usize) -> &[u8] {
        let of_body = || self.body.get(sent.saturating_sub(self.head.len())..).unwrap_or_default();
        self.head.get(sent..).filter(|rest| !rest.is_empty()).unwrap_or_else(of_body)
    }
}

/// An answer with its head.
pub fn answer(status: HttpStatus, kind: &str, body: Rc<[u8]>, head_only: bool) -> HttpAnswer {
    let allow = if status == HttpStatus::NotAllowed { "Allow: GET, HEAD\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{allow}X-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        status.line(),
        body.len()
    );
    HttpAnswer { head: head.into_bytes(), body: if head_only { Rc::default() } else { body } }
}

/// The response to requests that need no sample; `None` for the metrics.
pub fn answer_to(request: &HttpRequest) -> Option<HttpAnswer> {
    const TEXT: &str = "text/plain; charset=utf-8";
    const INDEX: &str = "<!DOCTYPE html><title>sockdoc</title><a href=\"/metrics\">/metrics</a>\n";
    let (status, kind, body) = match request.asked {
        Asked::Metrics(..) => return None,
        Asked::Index => (HttpStatus::Ok, "text/html; charset=utf-8", INDEX.to_owned()),
        Asked::Healthy => (HttpStatus::Ok, TEXT, "ok\n".to_owned()),
        Asked::Wrong(status) => (status, TEXT, format!("{}\n", status.line())),
    };
    Some(answer(status, kind, body.into_bytes().into(), request.head_only))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(head: &str) -> Option<Asked> {
        read(head.as_bytes(), true).map(|request| request.asked)
    }

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let metrics = |format| Some(Asked::Metrics(format, PATIENCE - MARGIN));
        let whole = "GET /metrics?x=1 HTTP/1.1\r\nHost: localhost:9977\r\n\r\nGET / HTTP/1.1\r\n";
        assert_eq!(asked(whole), metrics(MetricFormat::Text));
        for end in 1..whole.find("\r\n\r\n").unwrap() {
            assert_eq!(asked(&whole[..end]), None);
        }
        let head = |line: &str| asked(&format!("{line}\r\nHost: 127.0.0.1\r\n\r\n"));
        assert_eq!(head("GET http://127.0.0.1/metrics HTTP/1.1"), metrics(MetricFormat::Text));
        assert_eq!(head("GET / HTTP/1.1"), Some(Asked::Index));
        assert_eq!(head("HEAD /-/healthy HTTP/1.0"), Some(Asked::Healthy));
        assert_eq!(head("GET /metrics/../etc/passwd HTTP/1.1"), Some(Asked::Wrong(HttpStatus::NotFound)));
        assert_eq!(head("POST /metrics HTTP/1.1"), Some(Asked::Wrong(HttpStatus::NotAllowed)));
        for wrong in ["GET /metrics", "nonsense", "GET  / HTTP/1.1", "\0\u{1}\u{2}"] {
            assert_eq!(head(wrong), Some(Asked::Wrong(HttpStatus::BadRequest)), "{wrong:?}");
        }
        let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(LONGEST_HEAD));
        assert_eq!(asked(&long), Some(Asked::Wrong(HttpStatus::BadRequest)));
    }

    #[test]
    fn an_answer_is_whole_in_whatever_pieces_it_goes() {
        for (head_only, end) in [(false, "\r\n\r\nbody"), (true, "\r\n\r\n")] {
            let answer = answer(HttpStatus::Ok, "text/plain", b"body"[..].into(), head_only);
            for piece in [1, 3, 1000] {
                let mut sent = Vec::new();
                while !answer.after(sent.len()).is_empty() {
                    let rest = answer.after(sent.len());
                    sent.extend_from_slice(&rest[..piece.min(rest.len())]);
                }
                let text = String::from_utf8(sent).unwrap();
                assert!(text.contains("Content-Length: 4\r\n") && text.ends_with(end), "{text:?}");
            }
        }
    }

    #[test]
    fn a_foreign_host_is_refused_on_loopback_alone() {
        for (host, is_good) in [
            ("localhost", true),
            ("LOCALHOST:80", true),
            ("127.0.0.9:1", true),
            ("[::1]:1", true),
            ("evil.example", false),
            ("localhost.evil.example:9977", false),
            ("10.0.0.5", false),
        ] {
            let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
            assert_eq!(asked(&head) == Some(Asked::Index), is_good, "{host}");
            assert_eq!(read(head.as_bytes(), false).map(|request| request.asked), Some(Asked::Index));
        }
        let bad = Some(Asked::Wrong(HttpStatus::BadRequest));
        assert_eq!(asked("GET / HTTP/1.1\r\n\r\n"), bad);
        assert_eq!(asked("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"), bad);
        assert_eq!(asked("GET / HTTP/1.0\r\n\r\n"), Some(Asked::Index));
    }

    #[test]
    fn the_format_is_what_the_client_prefers() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                          text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        for (accept, is_open) in [
            (prometheus, true),
            ("", false),
            ("*/*", false),
            ("text/html, application/openmetrics-text; q=0.2", true),
            ("text/plain, application/openmetrics-text; q=0.2", false),
            ("application/openmetrics-text;version=0.0.1", false),
            ("application/openmetrics-text;q=0", false),
            ("application/openmetrics-text;q=x;;=,,", false),
        ] {
            assert_eq!(format(accept) == MetricFormat::OpenMetrics, is_open, "{accept}");
        }
    }
}
