//! Packs the Markdown of each language into one piece: few runs read any of it, and it packs to a third.
//!
//! A piece is the files one after the other, each behind a line of `\u{1}` and its path; deflated.

use std::{env, error::Error, fs, path::Path};

/// The languages, by their folders in `src/text`.
const LANGUAGES: [&str; 2] = ["en", "zh"];
/// The folders of each that hold Markdown.
const FOLDERS: [&str; 3] = ["entries", "rules", "topics"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/text");
    let out = env::var("OUT_DIR")?;
    for language in LANGUAGES {
        let mut text = String::new();
        for folder in FOLDERS {
            let mut names = Vec::new();
            for entry in fs::read_dir(Path::new("src/text").join(language).join(folder))? {
                names.push(entry?.file_name().into_string().map_err(|name| format!("{name:?} is no text"))?);
            }
            names.sort();
            for name in names.iter().filter(|name| name.ends_with(".md")) {
                let path = format!("{folder}/{name}");
                let content = fs::read_to_string(Path::new("src/text").join(language).join(&path))?;
                text.push_str(&format!("\u{1}{path}\n{content}"));
            }
        }
        let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 10);
        fs::write(Path::new(&out).join(format!("topics-{language}.deflate")), packed)?;
    }
    Ok(())
}
