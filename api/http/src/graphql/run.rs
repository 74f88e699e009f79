//! One operation, from its text to its answer, for both transports: check the document, execute,
//! tell errors of the request from errors of the execution, and put a code on each.

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, ErrorExtensionValues, Request, Response, ServerError, Value};
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;
use tenancy_model::ErrorCode;

use super::document::{self, DocumentError};
use super::params::Params;
use crate::config::GraphqlLimits;

/// The field of `extensions` with the code.
const CODE: &str = "code";
/// The field of `extensions` with the time to wait.
const RETRY_AFTER: &str = "retryAfterS";

/// A request whose document is within the limits.
pub struct Operation {
    /// Ready to be executed, but for its data.
    pub request: Request,
    /// Query, mutation or subscription.
    pub kind: OperationType,
}

impl Operation {
    /// Checks the document of `params`.
    ///
    /// # Errors
    /// The answer to give instead.
    pub fn prepare(
        params: Params,
        limits: &GraphqlLimits,
        introspection: bool,
    ) -> Result<Self, Box<Response>> {
        let checked = document::check(&params.query, params.operation_name.as_deref(), limits)
            .map_err(|error| Box::new(refused(error)))?;
        let mut request = params.into_request();
        request.set_parsed_query(checked.document);
        if !introspection {
            request = request.disable_introspection();
        }
        Ok(Self {
            request,
            kind: checked.operation,
        })
    }

    /// Lets `fill` put data into the request.
    #[must_use]
    pub fn with_data(mut self, fill: impl FnOnce(&mut Data)) -> Self {
        fill(&mut self.request.data);
        self
    }
}

/// Whether nothing was executed: then an answer has no `data`, and may have a status of its own.
#[must_use]
pub fn is_request_error(response: &Response) -> bool {
    // An error of a resolver has the path of its field; one of parsing or validation has none.
    !response.errors.is_empty()
        && response.data == Value::Null
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// An answer with one error of the request.
#[must_use]
pub fn request_error(code: ErrorCode, message: impl Into<String>) -> Response {
    Response::from_errors(vec![with_code(ServerError::new(message, None), code)])
}

/// `RATE_LIMITED` with the time to wait.
#[must_use]
pub fn rate_limited(retry_after_s: u64) -> Response {
    let mut error = with_code(ServerError::new("Too often.", None), ErrorCode::RateLimited);
    if let Some(extensions) = &mut error.extensions {
        extensions.set(RETRY_AFTER, retry_after_s);
    }
    Response::from_errors(vec![error])
}

/// The longest time to wait that any error of the answer tells.
#[must_use]
pub fn retry_after_s(response: &Response) -> Option<u64> {
    response
        .errors
        .iter()
        .filter_map(|error| match error.extensions.as_ref()?.get(RETRY_AFTER)? {
            Value::Number(seconds) => seconds.as_u64(),
            _ => None,
        })
        .max()
}

/// Puts a code on every error of a request that has none.
#[must_use]
pub fn coded(mut response: Response) -> Response {
    if is_request_error(&response) {
        for error in &mut response.errors {
            let has_code = error
                .extensions
                .as_ref()
                .is_some_and(|known| known.get(CODE).is_some());
            if !has_code {
                // The texts are those of async-graphql's own limits.
                let code = match error.message.as_str() {
                    "Query is too complex." => ErrorCode::QueryTooComplex,
                    "Query is nested too deep." => ErrorCode::QueryTooDeep,
                    _ => ErrorCode::BadRequest,
                };
                *error = with_code(error.clone(), code);
            }
        }
    }
    response
}

fn refused(error: DocumentError) -> Response {
    match error {
        DocumentError::Limit { code, message } => request_error(code, message),
        DocumentError::Syntax(error) => {
            Response::from_errors(vec![with_code(*error, ErrorCode::BadRequest)])
        }
        DocumentError::Operation(message) => request_error(ErrorCode::BadRequest, message),
    }
}

fn with_code(mut error: ServerError, code: ErrorCode) -> ServerError {
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set(CODE, code.code());
    error
}

/// The answer as JSON: without `data` where nothing was executed.
#[must_use]
pub fn to_json(response: &Response) -> Bytes {
    #[derive(Serialize)]
    struct NothingExecuted<'a> {
        errors: &'a [ServerError],
    }
    let written = if is_request_error(response) {
        serde_json::to_vec(&NothingExecuted {
            errors: &response.errors,
        })
    } else {
        serde_json::to_vec(response)
    };
    written.map_or_else(
        |error| {
            tracing::error!(%error, "an answer could not be written");
            let extensions = json!({ CODE: ErrorCode::Internal.code() });
            let fault = json!({ "message": "Internal error.", "extensions": extensions });
            Bytes::from(json!({ "errors": [fault] }).to_string())
        },
        Bytes::from,
    )
}

/// The errors alone, as a socket's `error` message carries them.
#[must_use]
pub fn errors_to_json(response: &Response) -> Bytes {
    serde_json::to_vec(&response.errors).map_or_else(|_| Bytes::from_static(b"[]"), Bytes::from)
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    use super::*;

    struct Query;

    #[Object]
    impl Query {
        async fn fine(&self) -> i32 {
            1
        }

        async fn broken(&self) -> async_graphql::Result<i32> {
            Err("no".into())
        }
    }

    async fn answer(query: &str) -> Response {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
            .limit_complexity(5)
            .limit_depth(5)
            .finish();
        let params = Params::from_payload(json!({ "query": query })).unwrap();
        match Operation::prepare(params, &GraphqlLimits::for_testing(), false) {
            Ok(operation) => coded(schema.execute(operation.request).await),
            Err(refused) => *refused,
        }
    }

    fn code(response: &Response) -> String {
        let text = String::from_utf8(to_json(response).to_vec()).unwrap();
        let body: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            body.get("data").is_some(),
            !is_request_error(response),
            "{text}"
        );
        body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    #[tokio::test]
    async fn errors_of_the_request_have_a_code_and_no_data() {
        assert_eq!(code(&answer("{").await), "BAD_REQUEST");
        assert_eq!(code(&answer("{ nothing }").await), "BAD_REQUEST");
        let complex = "{ a: fine b: fine c: fine d: fine e: fine f: fine }";
        assert_eq!(code(&answer(complex).await), "QUERY_TOO_COMPLEX");
    }

    #[tokio::test]
    async fn errors_of_a_resolver_keep_the_data() {
        let broken = answer("{ broken }").await;
        assert!(!is_request_error(&broken));
        assert_eq!(code(&broken), "");
        assert!(answer("{ fine }").await.is_ok());
    }

    #[tokio::test]
    async fn introspection_that_is_off_answers_null_without_an_error() {
        let answer =
            answer("{ __schema { types { name } } __type(name: \"Query\") { name } }").await;
        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(
            to_json(&answer),
            r#"{"data":{"__schema":null,"__type":null}}"#
        );
    }

    #[test]
    fn the_time_to_wait_is_found_in_the_answer() {
        assert_eq!(retry_after_s(&rate_limited(9)), Some(9));
        assert_eq!(retry_after_s(&Response::default()), None);
    }
}
