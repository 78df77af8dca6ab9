//! Spoils a document in every way that a schema has to notice.

use serde_json::{Value, json};

/// A spoiled document and the change.
#[derive(Debug)]
pub(super) struct Mutation {
    pub(super) what: String,
    pub(super) document: Value,
}

/// Fields that hold a figure of any scalar type; only an array or an object is wrong there.
const ANY_SCALAR: &[&str] = &["value", "current", "proposed"];

/// Numbers that need not be whole.
const FRACTIONS: &[&str] = &["default", "seconds", "per_second"];

/// Fractions that may be negative.
const CHANGES: &[&str] = &["change_per_second"];

/// Every field removed, an unknown field in every object, and every value replaced by values of other types.
///
/// `nullable` says which places may hold null, by their pointer with `*` for places in arrays (`/states/*/sockets`).
pub(super) fn mutations(document: &Value, nullable: &[&str]) -> Vec<Mutation> {
    let mut found = Vec::new();
    for (pointer, value) in places(document, String::new()) {
        let mut spoil = |what: String, change: &dyn Fn(&mut Value)| {
            let mut document = document.clone();
            change(document.pointer_mut(&pointer).unwrap());
            found.push(Mutation { what, document });
        };
        if let Value::Object(fields) = &value {
            for name in fields.keys() {
                spoil(format!("{pointer}/{name} removed"), &|place| {
                    place.as_object_mut().unwrap().remove(name);
                });
            }
            spoil(format!("{pointer}/unexpected added"), &|place| {
                place.as_object_mut().unwrap().insert("unexpected".into(), json!(1));
            });
        }
        for other in others(&pointer, &value, nullable) {
            spoil(format!("{pointer} = {other}"), &|place| *place = other.clone());
        }
    }
    found
}

/// Every value in a document with its pointer.
fn places(value: &Value, pointer: String) -> Vec<(String, Value)> {
    let mut found = vec![(pointer.clone(), value.clone())];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                found.extend(places(value, format!("{pointer}/{name}")));
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                found.extend(places(value, format!("{pointer}/{place}")));
            }
        }
        _ => {}
    }
    found
}

/// Values that are invalid in this place.
fn others(pointer: &str, value: &Value, nullable: &[&str]) -> Vec<Value> {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    let is_place = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let pattern: Vec<&str> = pointer.split('/').map(|part| if is_place(part) { "*" } else { part }).collect();
    let is_nullable = nullable.contains(&pattern.join("/").as_str());
    let mut others = match value {
        _ if ANY_SCALAR.contains(&last) => vec![json!([]), json!({})],
        Value::Object(_) => vec![json!([]), json!("text"), json!(7), json!(true)],
        Value::Array(_) => vec![json!({}), json!("text"), json!(7), json!(true)],
        Value::String(_) => vec![json!(7), json!(true), json!([]), json!({})],
        Value::Number(_) if CHANGES.contains(&last) => vec![json!("7"), json!(true), json!([]), json!({})],
        Value::Number(_) if FRACTIONS.contains(&last) => vec![json!("7"), json!(-1), json!(true), json!([]), json!({})],
        Value::Number(_) => vec![json!("7"), json!(-1), json!(0.5), json!(true), json!([]), json!({})],
        Value::Bool(_) => vec![json!("true"), json!(1), json!([]), json!({})],
        Value::Null => vec![json!(true), json!([]), json!({})],
    };
    if !is_nullable && !value.is_null() {
        others.push(Value::Null);
    }
    others
}

#[test]
fn every_place_of_a_document_is_spoiled() {
    let document = json!({"a": 1, "b": [{"c/d": null}]});
    let found: Vec<String> = mutations(&document, &["/a"]).into_iter().map(|mutation| mutation.what).collect();
    for wanted in [
        "/a removed",
        "/b removed",
        "/unexpected added",
        "/a = \"7\"",
        "/b = {}",
        "/b/0/c/d removed",
        "/b/0/unexpected added",
        "/b/0/c~1d = true",
        "/b/0 = []",
        "/b = null",
    ] {
        assert!(found.iter().any(|what| what == wanted), "{wanted} is not in {found:#?}");
    }
    assert!(!found.contains(&"/a = null".to_owned()));
    // The document, a, b, the object in b, and its content.
    assert_eq!(found.len(), 8 + 6 + 5 + 7 + 3, "{found:#?}");
}
