//! The document of `reach`.

use serde::Serialize;
use serde_json::{Value, json};

use super::{HostDocument, SCHEMA, findings, time, write_line};
use crate::{
    model::reach::{AttemptEnd, AttemptReport, NameFailure, NameOrigin, PortListener, errno_name},
    render::{
        prelude::*,
        reach::{AttemptWords, ReachView, not_found},
    },
    report::reach::ReachCause,
};

#[derive(Serialize)]
struct ReachDocument<'a> {
    schema: &'static str,
    host: HostDocument<'a>,
    taken_at: String,
    netns: Option<&'a str>,
    given: &'a str,
    name: Option<&'a str>,
    port: u16,
    lookup: Value,
    reached: bool,
    attempts: Vec<Value>,
    incidents: Vec<Value>,
    findings: Vec<Value>,
}

/// Writes it. Sentences are English in every language of the run.
pub fn write(out: &mut dyn Write, view: &ReachView<'_>) -> io::Result<()> {
    let catalogue = Catalogue::new(Lang::En);
    let (origin, server, failure) = match view.found {
        Ok((NameOrigin::Literal, _)) => ("literal", None, None),
        Ok((NameOrigin::ThisHost, _)) => ("this-host", None, None),
        Ok((NameOrigin::File(path), _)) => (path.as_str(), None, None),
        Ok((NameOrigin::Server(server), _)) => ("dns", Some(server), None),
        Err(failure @ NameFailure::OtherFamily(path, _)) => (path.as_str(), None, Some(failure)),
        Err(failure) => ("dns", failure.addresses().first(), Some(failure)),
    };
    let failed = failure.map(|failure| {
        json!({
            "reason": failure.name(),
            "explanation": not_found(view.name.unwrap_or_default(), failure, &catalogue),
        })
    });
    write_line(
        out,
        &ReachDocument {
            schema: SCHEMA,
            host: HostDocument { name: &view.host.name, kernel: &view.host.kernel },
            taken_at: time(view.host.taken_at),
            netns: view.netns,
            given: view.given,
            name: view.name,
            port: view.port,
            lookup: json!({"origin": origin, "server": server, "failed": failed}),
            reached: view.is_reached,
            attempts: view.reports.iter().map(|report| attempt(report, &catalogue)).collect(),
            incidents: findings::incidents(view.diagnosis),
            findings: findings::findings(view.diagnosis),
        },
    )
}

fn attempt(report: &AttemptReport, catalogue: &Catalogue) -> Value {
    let attempt = &report.attempt;
    let screen = Screen::plain(true);
    let told = AttemptWords { report, catalogue, screen: &screen };
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let icmp = match &attempt.end {
        AttemptEnd::Rejected(icmp) => icmp.as_ref(),
        _ => None,
    };
    let closed = match attempt.end {
        AttemptEnd::Closed { after, .. } => Some(after),
        _ => None,
    };
    let error = |errno: i32| errno_name(errno).map_or_else(|| errno.to_string(), str::to_owned);
    let hop = report.route.as_ref().ok();
    json!({
        "address": attempt.to.ip(),
        "zone": report.zone,
        "port": attempt.to.port(),
        "outcome": ReachCause::of(report).name(),
        "explanation": told.explanation(),
        "error": attempt.errno.map(error),
        "took_us": u64::try_from(attempt.took.as_micros()).unwrap_or(u64::MAX),
        "syns": attempt.syns,
        "syns_kept_back": report.kept_back,
        "closed_after_ms": closed.map(ms),
        "received_bytes": attempt.received,
        "source": attempt.from.map(|from| json!({"address": from.ip(), "port": from.port()})),
        "route": hop.map(|hop| json!({
            "local": hop.is_local(),
            "interface": hop.interface,
            "gateway": hop.gateway,
            "source": hop.source,
        })),
        "route_error": report.route.as_ref().err().map(|&errno| error(errno)),
        "neighbour": report.neighbour.as_ref().map(|hop| json!({"address": hop.address, "state": hop.state_name()})),
        "icmp": icmp.map(|icmp| json!({
            "version": if icmp.v6 { 6 } else { 4 },
            "type": icmp.kind,
            "code": icmp.code,
            "name": icmp.name(),
            "sender": icmp.sender,
        })),
        "listeners": report.listeners.iter().map(listener).collect::<Vec<_>>(),
        "ports": report.ports.map(|ports| json!({
            "used": ports.used,
            "size": ports.size(),
            "low": ports.low,
            "high": ports.high,
        })),
        "descriptor_limit": report.descriptors,
    })
}

fn listener(listener: &PortListener) -> Value {
    json!({
        "address": listener.address,
        "port": listener.port,
        "v6only": listener.v6only,
        "program": listener.program.as_ref().map(|(program, _)| program),
        "pid": listener.program.as_ref().map(|(_, pid)| pid),
        "queue": listener.queue,
        "limit": listener.limit,
        "drops": listener.drops,
    })
}
