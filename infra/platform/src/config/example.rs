//! The annotated example file and the JSON schema, both written from the structs.

use std::fmt::Write as _;

use serde_json::Value;

use super::keys::{Section, root};
use super::{Key, KeyKind, Settings};

/// One TOML file with every key of `T`: its documentation, its environment variable and its
/// default. Secrets and keys without a default are commented out. Loading it gives the defaults.
#[must_use]
pub fn example<T: Settings>() -> String {
    let mut out = String::new();
    write_section(&mut out, &root::<T>());
    out
}

/// The JSON schema of the configuration file, for editors.
#[must_use]
pub fn schema<T: Settings>() -> Value {
    schemars::schema_for!(T).to_value()
}

fn write_section(out: &mut String, section: &Section) {
    comment(out, &section.doc);
    if !section.path.is_empty() {
        let _ = writeln!(out, "[{}]", section.path.join("."));
    }
    out.push('\n');
    for key in &section.keys {
        write_key(out, key);
    }
    for inner in &section.sections {
        write_section(out, inner);
    }
}

fn write_key(out: &mut String, key: &Key) {
    comment(out, &key.doc);
    let _ = writeln!(out, "# Environment: {}", key.env);
    let name = key.path.last().map_or("", String::as_str);
    let value = match (&key.default, key.kind) {
        (Value::Null, KeyKind::Text) => "\"\"".to_owned(),
        (Value::Null, KeyKind::Scalar) => "0".to_owned(),
        (Value::Null, KeyKind::Json) => "[]".to_owned(),
        (default, _) => toml::Value::try_from(default)
            .map_or_else(|_| "\"\"".to_owned(), |value| value.to_string()),
    };
    let off = if key.secret || key.default.is_null() {
        "# "
    } else {
        ""
    };
    let _ = writeln!(out, "{off}{name} = {value}\n");
}

fn comment(out: &mut String, doc: &str) {
    for line in doc.lines() {
        let _ = writeln!(out, "{}", format!("# {line}").trim_end());
    }
}
