//! A subscription as the fan-out knows it: two that are equal share every execution.

use std::hash::{Hash, Hasher};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Variables};
use serde_json::Value;

/// A checked document, the name of its operation and its variables.
#[derive(Debug)]
pub struct EventDocument {
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    parsed: Option<ExecutableDocument>,
    /// The variables as JSON with sorted keys.
    canonical: String,
}

impl EventDocument {
    /// Out of a request whose document was parsed.
    #[must_use]
    pub fn new(mut request: Request) -> Self {
        let parsed = request.parsed_query().ok().cloned();
        let variables = request.variables;
        let mut canonical = String::new();
        if let Ok(value) = serde_json::to_value(&variables) {
            write_sorted(&value, &mut canonical);
        }
        Self {
            query: request.query,
            operation_name: request.operation_name,
            variables,
            parsed,
            canonical,
        }
    }

    /// A request to execute, without any data.
    #[must_use]
    pub fn request(&self) -> Request {
        let mut request = Request::new(&self.query).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation_name);
        if let Some(parsed) = &self.parsed {
            request.set_parsed_query(parsed.clone());
        }
        request.disable_introspection()
    }

    fn key(&self) -> (&str, Option<&str>, &str) {
        (&self.query, self.operation_name.as_deref(), &self.canonical)
    }
}

impl PartialEq for EventDocument {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for EventDocument {}

impl Hash for EventDocument {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in keys {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(query: &str, variables: Value) -> EventDocument {
        EventDocument::new(Request::new(query).variables(Variables::from_json(variables)))
    }

    #[test]
    fn the_order_of_variables_makes_no_difference() {
        let query = "subscription { events { __typename } }";
        let one = document(query, json!({ "a": { "x": 1, "y": [1, 2] }, "b": null }));
        let other = document(query, json!({ "b": null, "a": { "y": [1, 2], "x": 1 } }));
        assert_eq!(one, other);
        assert_ne!(
            one,
            document(query, json!({ "a": { "x": 1, "y": [2, 1] }, "b": null }))
        );
        assert_ne!(one, document("subscription { events { a } }", json!({})));
    }
}
