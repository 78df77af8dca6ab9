//! Documents from a text fit the same schemas, with `null` for data that the text lacks.

use serde_json::Value;

use super::{assert_fits, run};

const TEXTS: [&str; 5] = [
    "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n\
     tcp LISTEN 129 128 0.0.0.0:8080 0.0.0.0:* users:((\"java\",pid=4321,fd=30))\n\
     tcp CLOSE-WAIT 1 0 10.0.0.5:41234 10.0.3.7:5432\n\
     u_str LISTEN 6 5 /run/a.sock 20 * 0\n",
    "Active Internet connections (servers and established)\n\
     Proto Recv-Q Send-Q Local Address Foreign Address State PID/Program name\n\
     tcp 3 0 0.0.0.0:80 0.0.0.0:* LISTEN 12/nginx: master\n\
     tcp 0 0 10.0.0.5:41236 10.0.3.7:5432 TIME_WAIT -\n",
    "tcp6 129 0 localhost:5000 [::]:* LISTEN 1234/dotnet\n\
     tcp6 255 0 localhost:5000 db.example.org:43000 CLOSE_WAIT -\n\
     any idea?\n",
    "tcp 0 0 10.0.0.5:22 10.0.0.9:40000 ESTABLISHED -\n\
     tcp 0 0 10.0.0.5:22 10.0.0.9:40001 ESTABLISHED -\n\
     tcp 0 0 10.0.0.5:22 10.0.0.9:40000 ESTABLISHED -\n",
    "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n\
     svc 27085 app 12u IPv4 42050000 0t0 TCP 192.0.2.94:45966->203.0.113.88:443 (CLOSE_WAIT)\n\
     svc 27085 app 13u IPv6 42050001 0t0 TCP *:8080 (LISTEN)\n\
     tcp 0 0 10.0.0.5:41236 10.0.3.7:5432 TIME_WAIT -\n",
];

#[test]
fn what_a_text_tells_fits() {
    for (number, text) in TEXTS.iter().enumerate() {
        let file = std::env::temp_dir().join(format!("sockdoc-schema-{}-{number}", std::process::id()));
        std::fs::write(&file, text).unwrap();
        let path = file.to_str().unwrap();
        let of = |arguments: &[&str]| run(&[arguments, &["--from", path]].concat(), &[]);
        let listed = of(&["list", "-anpeoim"]);
        assert_fits("list", &listed);
        assert!(
            listed["sockets"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["owner_unknown"] == "not-told" || one["owners"][0]["fd"] == Value::Null),
            "{listed:#}"
        );
        assert_fits("overview", &of(&[]));
        assert_fits("overview", &of(&["check", "--fail-on", "critical", "half-close"]));
        assert_fits("count", &of(&["count"]));
        assert_fits("group", &of(&["group", "--by", "state,proc"]));
        assert_fits("diff", &of_diff(path));
        let _ = std::fs::remove_file(&file);
    }
}

fn of_diff(path: &str) -> Value {
    let document = run(&["diff", path, path], &[]);
    assert_eq!(document["sockets"], Value::Null);
    document
}
