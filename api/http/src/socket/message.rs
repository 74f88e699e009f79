//! The messages of graphql-transport-ws, read strictly and written by hand: the id of a
//! subscription is put around a result that many sockets share.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::queue::{Close, Frame};
use crate::graphql::params::Params;

/// Characters of an operation's id.
pub const ID_CHARS_MAX: usize = 128;
/// The message is malformed.
pub const BAD_REQUEST: u16 = 4400;

/// What a client may say.
#[derive(Debug, Clone, PartialEq)]
pub enum ClientMessage {
    /// `connection_init`.
    Init(Value),
    /// `ping`.
    Ping(Option<Value>),
    /// `pong`.
    Pong,
    /// `subscribe`.
    Subscribe(String, Params),
    /// `complete`.
    Complete(String),
}

impl ClientMessage {
    /// Reads one message.
    ///
    /// # Errors
    /// The close with 4400 that answers everything else.
    pub fn parse(text: &str) -> Result<Self, Close> {
        let wrong = |reason: &'static str| Close::new(BAD_REQUEST, reason);
        let mut message: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| wrong("Invalid message: not a JSON object"))?;
        let payload = message.remove("payload");
        let id = message.remove("id");
        match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => Ok(Self::Init(object(payload)?.unwrap_or(Value::Null))),
            Some("ping") => Ok(Self::Ping(object(payload)?)),
            Some("pong") => object(payload).map(|_| Self::Pong),
            Some("subscribe") => {
                let params =
                    Params::from_payload(payload.unwrap_or(Value::Null)).map_err(|error| {
                        Close::new(BAD_REQUEST, format!("Invalid message: {error}"))
                    })?;
                Ok(Self::Subscribe(operation_id(id)?, params))
            }
            Some("complete") => Ok(Self::Complete(operation_id(id)?)),
            _ => Err(wrong("Invalid message: unknown type")),
        }
    }
}

fn object(payload: Option<Value>) -> Result<Option<Value>, Close> {
    match payload {
        None | Some(Value::Null) => Ok(None),
        Some(payload) if payload.is_object() => Ok(Some(payload)),
        Some(_) => Err(Close::new(
            BAD_REQUEST,
            "Invalid message: the payload must be an object",
        )),
    }
}

fn operation_id(id: Option<Value>) -> Result<String, Close> {
    match id {
        Some(Value::String(id)) if !id.is_empty() && id.chars().count() <= ID_CHARS_MAX => Ok(id),
        _ => Err(Close::new(
            BAD_REQUEST,
            "Invalid message: the id must be a short text",
        )),
    }
}

/// An id as JSON, quotes included.
#[must_use]
pub fn id_json(id: &str) -> Arc<str> {
    Value::from(id).to_string().into()
}

/// `connection_ack`.
#[must_use]
pub fn ack() -> Frame {
    Frame::Text(r#"{"type":"connection_ack"}"#.to_owned())
}

/// `ping`, with the digest of the member's heads where there is one.
#[must_use]
pub fn ping(heads: Option<u32>) -> Frame {
    Frame::Text(match heads {
        Some(heads) => format!(r#"{{"type":"ping","payload":{{"heads":"{heads:08x}"}}}}"#),
        None => r#"{"type":"ping"}"#.to_owned(),
    })
}

/// `pong`, with what came in the `ping`.
#[must_use]
pub fn pong(payload: Option<&Value>) -> Frame {
    Frame::Text(match payload {
        Some(payload) => format!(r#"{{"type":"pong","payload":{payload}}}"#),
        None => r#"{"type":"pong"}"#.to_owned(),
    })
}

/// `complete`.
#[must_use]
pub fn complete(id: &str) -> Frame {
    Frame::Text(format!(r#"{{"id":{id},"type":"complete"}}"#))
}

/// `error`, with the errors as a JSON list.
#[must_use]
pub fn error(id: &str, errors: &Bytes) -> Frame {
    let errors = String::from_utf8_lossy(errors);
    Frame::Text(format!(
        r#"{{"id":{id},"type":"error","payload":{errors}}}"#
    ))
}

/// The text of a frame.
#[must_use]
pub fn text(frame: Frame) -> String {
    match frame {
        Frame::Text(text) => text,
        Frame::Next { id, payload } => {
            const AROUND: usize = r#"{"id":,"type":"next","payload":}"#.len();
            let mut text = String::with_capacity(AROUND + id.len() + payload.len());
            text.push_str(r#"{"id":"#);
            text.push_str(&id);
            text.push_str(r#","type":"next","payload":"#);
            text.push_str(std::str::from_utf8(&payload).unwrap_or("null"));
            text.push('}');
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_a_message_is_refused_with_4400() {
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert_eq!(
                ClientMessage::parse(wrong).unwrap_err().code,
                BAD_REQUEST,
                "{wrong}"
            );
        }
        let init = ClientMessage::parse(r#"{"type":"connection_init"}"#);
        assert_eq!(init, Ok(ClientMessage::Init(Value::Null)));
    }

    #[test]
    fn the_id_is_put_around_the_shared_result() {
        let id = id_json("a\"b");
        let frame = Frame::Next {
            id: id.clone(),
            payload: Bytes::from_static(b"{\"data\":1}"),
        };
        let read: Value = serde_json::from_str(&text(frame)).unwrap();
        assert_eq!(
            read,
            json!({ "id": "a\"b", "type": "next", "payload": { "data": 1 } })
        );
        let read: Value = serde_json::from_str(&text(complete(&id))).unwrap();
        assert_eq!(read, json!({ "id": "a\"b", "type": "complete" }));
        assert!(text(ping(Some(0xab))).contains(r#""heads":"000000ab""#));
    }
}
