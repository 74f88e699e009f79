//! A live socket at the least cost to the machine that also runs the server: many of them fit into
//! one process.

use std::sync::Arc;

use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use hansa_tests::EVENTS;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::Mutex};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::deployment::Person;

/// Where sockets are opened, in the product and in the floor.
pub(crate) const PATH: &str = "/graphql";

/// A connection.
pub(crate) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What a browser shows of somebody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pass {
    /// `tnt_…`
    pub(crate) tenant: String,
    token: String,
}

impl Pass {
    /// Of somebody who is signed in.
    pub(crate) fn of(person: &Person) -> Self {
        Self {
            tenant: person.context.tenant_id().to_string(),
            token: person.token.clone(),
        }
    }

    /// The `Cookie` header.
    pub(crate) fn cookie(&self) -> String {
        format!("member={}:{}", self.tenant, self.token)
    }
}

/// Opens the connection alone, which is all that the floor has.
pub(crate) async fn connect(base: &str, cookie: &str) -> Stream {
    let url = format!("{}{PATH}", base.replacen("http", "ws", 1));
    let mut request = url.into_client_request().expect("a request");
    let headers = request.headers_mut();
    let text = |text: &str| HeaderValue::from_str(text).expect("a header");
    headers.insert(
        "Sec-WebSocket-Protocol",
        HeaderValue::from_static("graphql-transport-ws"),
    );
    headers.insert("Origin", text(base));
    headers.insert("Cookie", text(cookie));
    let (stream, _) = connect_async(request).await.expect("an upgrade");
    stream
}

/// What is written to a socket, from wherever.
#[derive(Clone)]
pub(crate) struct Voice(Arc<Mutex<SplitSink<Stream, Message>>>);

impl Voice {
    /// Says one thing; what comes too late is no harm.
    pub(crate) async fn say(&self, message: &Value) {
        let message = Message::text(message.to_string());
        let _ = self.0.lock().await.send(message).await;
    }
}

/// A socket as a page has it.
pub(crate) struct Socket {
    /// Its writing half.
    pub(crate) voice: Voice,
    stream: SplitStream<Stream>,
}

/// The subscription of a page; every other id is an operation's.
pub(crate) const EVENTS_ID: &str = "e";

impl Socket {
    /// Opens it and subscribes to everything, as a page does.
    pub(crate) async fn open(base: &str, pass: &Pass) -> Self {
        let (sink, stream) = connect(base, &pass.cookie()).await.split();
        let voice = Voice(Arc::new(Mutex::new(sink)));
        let mut socket = Self { voice, stream };
        let init = json!({ "type": "connection_init",
            "payload": { "tenant": pass.tenant, "surface": "member" } });
        socket.voice.say(&init).await;
        let answer = socket.read().await.expect("an answer");
        assert_eq!(answer["type"], "connection_ack", "{answer}");
        let subscribe =
            json!({ "id": EVENTS_ID, "type": "subscribe", "payload": { "query": EVENTS } });
        socket.voice.say(&subscribe).await;
        socket
    }

    /// The next event or answer, and the id of what it belongs to; the server's pings are answered.
    /// Nothing when the socket has ended.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let mut message = self.read().await?;
            match message["type"].as_str() {
                Some("next") => {
                    let id = message["id"].as_str().unwrap_or_default().to_owned();
                    return Some((id, message["payload"]["data"].take()));
                }
                Some("ping") => self.voice.say(&json!({ "type": "pong" })).await,
                Some("error") => panic!("refused: {message}"),
                _ => {}
            }
        }
    }

    async fn read(&mut self) -> Option<Value> {
        loop {
            if let Message::Text(text) = self.stream.next().await?.ok()? {
                return serde_json::from_str(&text).ok();
            }
        }
    }
}
