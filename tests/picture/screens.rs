//! The screens: a planted leak, and the same host without it.

use std::{fs, path::PathBuf, time::Duration};

use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term, VGA, WIN10_CONSOLE};
use regex::Regex;
use serde_json::json;

use crate::lab::{
    actor::Actor,
    load::{Ends, Load},
    path::Far,
    program,
    server::{Answers, Server},
    terminal,
};

/// The host name in the pictures.
const HOST: &str = "web-1";
const COLUMNS: u16 = 80;
const ROWS: u16 = 48;

/// A picture is at most this large, in bytes.
const LARGEST: usize = 200_000;

/// How often the screens are made once more where they are others.
const TRIES: usize = 4;

/// Lines of one screen of the recording.
const SCREEN: usize = 30;

/// A program that leaks connections which its database closed, and a web server without a fault.
struct Scene {
    folder: PathBuf,
    fault: Option<Actor>,
    _healthy: Vec<Actor>,
    _far: Far,
}

impl Scene {
    fn plant() -> Scene {
        let folder = std::env::temp_dir().join("sockdoc");
        fs::create_dir_all(&folder).unwrap();
        // The leak of an hour is shown after two seconds.
        fs::write(folder.join("config.toml"), "[close-wait-leak]\nage = \"1s\"\n").unwrap();
        let far = Far::connect();
        let database =
            Server { name: "postgres", address: Far::at(5432), answers: Answers::OnceThenCloses, ..Server::at(1) };
        let database = far.start("postgres", move |ready| database.run(ready));
        let leak = Load {
            name: "orders",
            ends: Ends::Forgets,
            descriptors: Some(1024),
            per_second: Some(100),
            ..Load::to(Far::at(5432), 930)
        };
        let web = Server { name: "nginx", answers: Answers::OnceThenCloses, ..Server::at(443) };
        let clients = Load { ends: Ends::Follows, ..Load::to(web.address, 240) };
        let api = Server { name: "api", ..Server::at(8080) };
        let open = Load { ends: Ends::Stays, ..Load::to(api.address, 60) };
        let healthy = vec![database, web.start(), clients.complete(), api.start(), open.complete()];
        let fault = Some(leak.complete());
        std::thread::sleep(Duration::from_secs(2));
        Scene { folder, fault, _healthy: healthy, _far: far }
    }

    /// The screen of a command on a terminal, with colours; the host's name and the build of its kernel are replaced.
    fn screen(&self, args: &[&str], lang: &str) -> String {
        let home = self.folder.parent().unwrap().to_str().unwrap();
        let environment =
            [("TERM", "xterm-256color"), ("LANG", lang), ("XDG_CONFIG_HOME", home), ("PAGER", "cat"), ("HOME", home)];
        let text = terminal::run(COLUMNS, ROWS, args, &environment).text.replace('\r', "");
        let uname = rustix::system::uname();
        let (node, release) = (uname.nodename().to_string_lossy(), uname.release().to_string_lossy());
        let short = release.split('-').next().unwrap_or_default();
        text.replacen(&*node, HOST, 1).replacen(&*release, short, 1)
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/picture").join(name)
}

/// The common shape of two runs: letters, and places of numbers.
fn shape(text: &str) -> String {
    let without_tags = Regex::new("<style>(?s:.*?)</style>|<[^>]*>|\u{1b}\\[[0-9;]*m").unwrap().replace_all(text, "");
    let plain = without_tags.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    let plain = plain.replace("&amp;", "&");
    // A time is written in the unit that fits it; a bar is as long as its number.
    let times =
        Regex::new(r"[0-9][0-9.,:Z-]*( ?(ms|s|min|h|d|毫秒|秒|分钟|分|小时)\b)*").unwrap().replace_all(&plain, "0");
    let bars = Regex::new("[▏▎▍▌▋▊▉█]+").unwrap().replace_all(&times, "█");
    bars.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The files as they are now: of each the name and the text.
type Files = Vec<(String, String)>;

/// Rewrites the files if requested; otherwise they must have the shape of the current screens.
fn compare(make: impl Fn() -> Files) {
    if std::env::var_os("SOCKDOC_REGENERATE").is_some_and(|value| value == "1") {
        for (name, now) in make() {
            fs::create_dir_all(path(&name).parent().unwrap()).unwrap();
            fs::write(path(&name), now).unwrap();
        }
    }
    let held = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
    // A machine that is late shows an older leak, whose growth is not told.
    let mut now = make();
    for _ in 0..TRIES {
        if now.iter().all(|(name, now)| shape(&held(name)) == shape(now)) {
            break;
        }
        // The cable of the scene before, which the kernel takes away when it comes to it.
        program::shell("ip link delete near");
        now = make();
    }
    for (name, now) in now {
        let (held, file) = (held(&name), format!("docs/picture/{name}"));
        assert_eq!(
            shape(&held),
            shape(&now),
            "{file} is another screen: SOCKDOC_REGENERATE=1 cargo test --test picture"
        );
        assert!(held.len() <= LARGEST, "{file} has {} bytes", held.len());
    }
}

fn rgb(red: u8, green: u8, blue: u8) -> Color {
    Color::Rgb(RgbColor(red, green, blue))
}

pub(crate) fn the_pictures_are_what_the_program_shows() {
    compare(pictures);
}

fn pictures() -> Files {
    let scene = Scene::plant();
    // The colours of a terminal on a dark and on a light page.
    let schemes: [(&str, Palette, Color, Color); 2] = [
        ("dark", WIN10_CONSOLE, rgb(0xe6, 0xed, 0xf3), rgb(0x0d, 0x11, 0x17)),
        ("light", VGA, rgb(0x1f, 0x23, 0x28), rgb(0xf6, 0xf8, 0xfa)),
    ];
    let mut files = vec![];
    for (lang, locale) in [("en", "en_US.UTF-8"), ("zh", "zh_CN.UTF-8")] {
        let screen = format!("$ sockdoc\n{}", scene.screen(&[], locale));
        for (scheme, palette, ink, paper) in schemes {
            let term = Term::new().palette(palette).fg_color(ink).bg_color(paper);
            files.push((format!("overview-{lang}-{scheme}.svg"), term.render_svg(screen.trim_end())));
        }
    }
    files
}

pub(crate) fn the_recording_is_what_the_program_shows() {
    compare(|| vec![("demo.cast".to_owned(), cast())]);
}

/// For `asciinema play`: the leak, what it means, its sockets, and the same host when it is mended.
fn cast() -> String {
    let mut scene = Scene::plant();
    let header =
        json!({"version": 2, "width": COLUMNS, "height": SCREEN + 2, "title": "sockdoc: a leak found and mended"});
    let mut events = vec![header.to_string()];
    let mut time = 0.5;
    let mut write = |time: f64, text: &str| events.push(json!([(time * 100.0).round() / 100.0, "o", text]).to_string());
    let steps: [&[&str]; 4] = [&[], &["explain", "close-wait"], &["group", "--by", "state,service"], &["check"]];
    for (place, args) in steps.iter().enumerate() {
        if place == steps.len() - 1 {
            scene.fault = None;
            std::thread::sleep(Duration::from_secs(1));
        }
        let text = scene.screen(args, "en_US.UTF-8");
        write(time, "\u{1b}[2J\u{1b}[H$ ");
        for letter in ["sockdoc"].iter().chain(*args).copied().collect::<Vec<_>>().join(" ").chars() {
            time += 0.04;
            write(time, &letter.to_string());
        }
        time += 0.3;
        let lines: Vec<&str> = text.lines().take(SCREEN).collect();
        write(time, &format!("\r\n{}\r\n", lines.join("\r\n")));
        time += 4.0;
    }
    write(time, "$ ");
    assert!(time < 22.0, "{time} s");
    events.join("\n") + "\n"
}
