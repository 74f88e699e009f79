//! The list of keys of a configuration struct, read from its JSON schema: path, environment name,
//! documentation, default and how a text becomes its value.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{ENV_PREFIX, Settings};

/// How a value is written in an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// As it is.
    Text,
    /// A number, `true` or `false`.
    Scalar,
    /// JSON: lists and maps.
    Json,
}

/// One key of the configuration.
#[derive(Debug, Clone)]
pub struct Key {
    /// The sections it is in, outermost first, and its name.
    pub path: Vec<String>,
    /// Its environment variable.
    pub env: String,
    /// The doc comment of the field.
    pub doc: String,
    /// What it is when nobody says anything; null when it is optional.
    pub default: Value,
    /// How it is written in the environment.
    pub kind: KeyKind,
    /// Whether it must never be shown.
    pub secret: bool,
}

/// A section: its own keys, and the sections inside.
pub(super) struct Section {
    pub(super) path: Vec<String>,
    pub(super) doc: String,
    pub(super) keys: Vec<Key>,
    pub(super) sections: Vec<Section>,
}

impl Section {
    fn flatten(self, into: &mut Vec<Key>) {
        into.extend(self.keys);
        for section in self.sections {
            section.flatten(into);
        }
    }
}

/// All keys of `T`, those of a section before those of the sections inside it.
#[must_use]
pub fn keys<T: Settings>() -> Vec<Key> {
    let mut keys = Vec::new();
    root::<T>().flatten(&mut keys);
    keys
}

/// The schema of `T` without references.
pub(super) fn inlined_schema<T: Settings>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

pub(super) fn root<T: Settings>() -> Section {
    let defaults = serde_json::to_value(T::default()).unwrap_or_default();
    section(Vec::new(), &inlined_schema::<T>(), &defaults)
}

fn section(path: Vec<String>, schema: &Value, defaults: &Value) -> Section {
    let mut found = Section {
        path,
        doc: text(schema, "description"),
        keys: Vec::new(),
        sections: Vec::new(),
    };
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let mut path = found.path.clone();
        path.push(name.clone());
        let default = &defaults[name];
        if field["properties"].is_object() {
            found.sections.push(section(path, field, default));
        } else {
            found.keys.push(Key {
                env: format!("{ENV_PREFIX}{}", path.join("_").to_uppercase()),
                path,
                doc: text(field, "description"),
                default: default.clone(),
                kind: kind(field),
                secret: field["x-secret"] == true,
            });
        }
    }
    found
}

fn kind(schema: &Value) -> KeyKind {
    if all(schema, &["string"]) {
        KeyKind::Text
    } else if all(schema, &["integer", "number", "boolean"]) {
        KeyKind::Scalar
    } else {
        KeyKind::Json
    }
}

/// Whether every value that `schema` accepts is null or of one of `types`.
fn all(schema: &Value, types: &[&str]) -> bool {
    let is_one = |name: &Value| name == "null" || types.iter().any(|wanted| name == wanted);
    if let Some(choices) = schema["oneOf"]
        .as_array()
        .or_else(|| schema["anyOf"].as_array())
    {
        return choices.iter().all(|choice| all(choice, types));
    }
    match &schema["type"] {
        Value::Array(names) => names.iter().all(is_one),
        name => is_one(name),
    }
}

fn text(schema: &Value, name: &str) -> String {
    schema[name].as_str().unwrap_or_default().to_owned()
}
