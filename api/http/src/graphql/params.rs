//! What a client sends: one request or a batch of them, as a JSON body or in the query string.

use actix_web::web;
use async_graphql::{Request, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// Why there is no request. The text is for a developer and repeats nothing of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct ParamsError(pub &'static str);

/// One request as it was sent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The document.
    pub query: String,
    /// Which of its operations.
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default)]
    extensions: Option<Map<String, Value>>,
}

/// A body.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// One request.
    One(Params),
    /// Several, in order.
    Batch(Vec<Params>),
}

impl Body {
    /// Parses a body.
    ///
    /// # Errors
    /// [`ParamsError`] when it is no JSON, or no request.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParamsError> {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        match first {
            Some(b'{') => serde_json::from_slice(bytes)
                .map(Self::One)
                .map_err(|error| why(&error)),
            Some(b'[') => {
                let batch: Vec<Params> =
                    serde_json::from_slice(bytes).map_err(|error| why(&error))?;
                if batch.is_empty() {
                    return Err(ParamsError("a batch has at least one request"));
                }
                Ok(Self::Batch(batch))
            }
            Some(_) => Err(ParamsError(
                "the body must be a JSON object or a list of them",
            )),
            None => Err(ParamsError("the body is empty")),
        }
    }
}

fn why(error: &serde_json::Error) -> ParamsError {
    ParamsError(match error.classify() {
        serde_json::error::Category::Data => {
            "a request has `query` (text) and may have `operationName` (text), `variables` and \
             `extensions` (objects)"
        }
        _ => "the body is not JSON",
    })
}

impl Params {
    /// Parses the query string of a GET.
    ///
    /// # Errors
    /// [`ParamsError`].
    pub fn from_query(query: &str) -> Result<Self, ParamsError> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| ParamsError("the query string cannot be read"))?
            .into_inner();
        let find = |name: &str| {
            let value = pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value);
            value.filter(|value| !value.is_empty())
        };
        let object = |name: &str| match find(name) {
            Some(text) => serde_json::from_str::<Option<Map<String, Value>>>(text)
                .map_err(|_| ParamsError("`variables` and `extensions` are JSON objects")),
            None => Ok(None),
        };
        Ok(Self {
            query: find("query")
                .ok_or(ParamsError("`query` is missing"))?
                .clone(),
            operation_name: find("operationName").cloned(),
            variables: object("variables")?,
            extensions: object("extensions")?,
        })
    }

    /// From the payload of a socket's `subscribe`.
    ///
    /// # Errors
    /// [`ParamsError`].
    pub fn from_payload(payload: Value) -> Result<Self, ParamsError> {
        if !payload.is_object() {
            return Err(ParamsError("the payload must be an object"));
        }
        serde_json::from_value(payload).map_err(|error| why(&error))
    }

    /// The variables, as execution takes them.
    #[must_use]
    pub fn variables(&self) -> Variables {
        self.variables
            .clone()
            .map_or_else(Variables::default, |map| {
                Variables::from_json(Value::Object(map))
            })
    }

    /// The request without its document, which is parsed apart.
    #[must_use]
    pub fn into_request(self) -> Request {
        let variables = self.variables();
        let mut request = Request::new(self.query).variables(variables);
        request.operation_name = self.operation_name;
        if let Some(extensions) = self.extensions {
            let extensions = serde_json::from_value(Value::Object(extensions));
            request.extensions = extensions.unwrap_or_default();
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_document_and_objects() {
        let body = br#"{"query":"{a}","operationName":null,"variables":{"x":1},"extra":2}"#;
        let Ok(Body::One(one)) = Body::parse(body) else {
            panic!("no request")
        };
        assert_eq!(
            (one.query.as_str(), one.operation_name.as_deref()),
            ("{a}", None)
        );
        for wrong in [
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":"x"}"#,
            r#"{"query":"{a}","extensions":[1]}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r"{}",
            r"[]",
            r#""x""#,
            "",
            r#"{ "not a JSON"#,
        ] {
            assert!(Body::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_query_string_holds_json_texts() {
        let read = Params::from_query("query=%7Ba%7D&variables=%7B%22x%22%3A1%7D").unwrap();
        assert_eq!(
            read.variables(),
            Variables::from_json(serde_json::json!({ "x": 1 }))
        );
        assert!(Params::from_query("variables=%7B%7D").is_err());
        assert!(Params::from_query("query=a&variables=1").is_err());
    }
}
