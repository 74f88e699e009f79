//! Configuration: the defaults of the structs, then a TOML file, then the environment. Every key of
//! the file has an environment name made from its path (`s3.endpoint` is `HANSA_S3_ENDPOINT`), and
//! the annotated example file and the JSON schema are generated from the same structs, so that none
//! of the four can disagree.
//!
//! A section is a struct with `#[serde(deny_unknown_fields, default)]`, `Default`, `JsonSchema` and
//! a doc comment a field. A secret is a [`kernel::Secret`] with
//! `#[schemars(with = "String", extend("x-secret" = true))]`.

mod example;
mod keys;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use figment::error::Kind as FigmentKind;
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

pub use example::{example, schema};
pub use keys::{Key, KeyKind, keys};

/// What every environment name starts with.
pub const ENV_PREFIX: &str = "HANSA_";
/// The largest configuration file that is read.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A struct that can be loaded: implemented by everything that has what it takes.
pub trait Settings: DeserializeOwned + Serialize + Default + JsonSchema {}
impl<T: DeserializeOwned + Serialize + Default + JsonSchema> Settings for T {}

/// Why there is no configuration. No message contains the value of a secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is no configuration file at all.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong and in which line; never the line itself.
        message: String,
    },
    /// An environment variable cannot be the value of its key.
    #[error("{name}: {message}")]
    Environment {
        /// The variable.
        name: String,
        /// What it should be.
        message: String,
    },
    /// Keys that do not exist or have values of the wrong kind, one a line.
    #[error("{0}")]
    Keys(String),
}

/// Loads `T`: its defaults, then `file` (if any), then the environment of this process.
///
/// # Errors
/// [`ConfigError`], which names the file or variable and the key.
pub fn load<T: Settings>(file: Option<&Path>) -> Result<T, ConfigError> {
    load_from(file, |name| {
        std::env::var_os(name).map(|value| value.into_string().ok())
    })
}

/// [`load`] with another environment: a variable is absent, or not UTF-8 (`Some(None)`), or a text.
///
/// # Errors
/// As [`load`].
pub fn load_from<T: Settings>(
    file: Option<&Path>,
    environment: impl Fn(&str) -> Option<Option<String>>,
) -> Result<T, ConfigError> {
    let keys = keys::<T>();
    let mut figment = Figment::new();
    if let Some(path) = file {
        figment = figment.merge(Source {
            name: path.display().to_string(),
            dict: read(path)?,
        });
    }
    let dict = from_environment(&keys, environment)?;
    figment = figment.merge(Source {
        name: "the environment".to_owned(),
        dict,
    });
    figment.extract().map_err(|errors| explain(errors, &keys))
}

/// The variables of this process that start with [`ENV_PREFIX`], are no key of `T` and are not in
/// `known` (arguments that also have a variable): most likely typing errors worth a warning.
#[must_use]
pub fn unknown_variables<T: Settings>(known: &[&str]) -> Vec<String> {
    let keys = keys::<T>();
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with(ENV_PREFIX) && !known.contains(&name.as_str()))
        .filter(|name| keys.iter().all(|key| key.env != *name))
        .collect()
}

/// One layer of values and where they came from, for messages.
struct Source {
    name: String,
    dict: Dict,
}

impl Provider for Source {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}

fn read(path: &Path) -> Result<Dict, ConfigError> {
    let unreadable = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    let syntax = |message| ConfigError::Syntax {
        path: path.to_owned(),
        message,
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(syntax(format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        // The parser's own display quotes the line, which may hold a secret.
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        syntax(format!("line {line}: {}", error.message()))
    })?;
    let dict =
        figment::value::Value::serialize(&table).map_err(|error| syntax(error.to_string()))?;
    dict.into_dict()
        .ok_or_else(|| syntax("not a table".to_owned()))
}

fn from_environment(
    keys: &[Key],
    environment: impl Fn(&str) -> Option<Option<String>>,
) -> Result<Dict, ConfigError> {
    let mut root = serde_json::Map::new();
    for key in keys {
        let Some(text) = environment(&key.env) else {
            continue;
        };
        let wrong = |message: &str| ConfigError::Environment {
            name: key.env.clone(),
            message: message.to_owned(),
        };
        let text = text.ok_or_else(|| wrong("not UTF-8"))?;
        let value = match key.kind {
            _ if text.is_empty() && key.default.is_null() => Value::Null,
            KeyKind::Text => Value::String(text),
            KeyKind::Scalar => serde_json::from_str::<Value>(&text)
                .ok()
                .filter(|value| value.is_number() || value.is_boolean() || value.is_null())
                .ok_or_else(|| wrong("expected a number, true or false"))?,
            KeyKind::Json => serde_json::from_str(&text)
                .map_err(|_| wrong("expected JSON, such as [\"a\", \"b\"] or {\"a\": 1}"))?,
        };
        insert(&mut root, &key.path, value);
    }
    let value = figment::value::Value::serialize(&root)
        .map_err(|error| ConfigError::Keys(error.to_string()))?;
    Ok(value.into_dict().unwrap_or_default())
}

fn insert(table: &mut serde_json::Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let inner = table
                .entry(first.clone())
                .or_insert_with(|| Value::Object(<_>::default()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// One line for every error: the key, where it was given, what is wrong. For a secret the library's
/// message is left out, because it quotes the value.
fn explain(errors: figment::Error, keys: &[Key]) -> ConfigError {
    let mut text = String::new();
    for error in errors {
        let mut path = error.path.clone();
        let problem = match &error.kind {
            FigmentKind::UnknownField(name, expected) => {
                if path.last() != Some(name) {
                    path.push(name.clone());
                }
                format!("no such key (known here: {})", expected.join(", "))
            }
            _ if keys.iter().any(|key| key.secret && key.path == path) => "not a text".to_owned(),
            kind => kind.to_string(),
        };
        let given = error
            .metadata
            .as_ref()
            .map_or("the configuration", |source| &source.name);
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = write!(text, "`{}` in {given}: {problem}", path.join("."));
    }
    ConfigError::Keys(text)
}

#[cfg(test)]
mod tests;
