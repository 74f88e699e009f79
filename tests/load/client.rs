//! A live socket at the least cost to the machine that also runs the server: many of them fit into
//! one process.

use futures::{SinkExt as _, StreamExt as _};
use hansa_tests::EVENTS;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpStream;
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

/// Opens a socket and subscribes to everything, as a page does.
pub(crate) async fn open(base: &str, pass: &Pass) -> Stream {
    let mut stream = connect(base, &pass.cookie()).await;
    let init = json!({ "type": "connection_init",
        "payload": { "tenant": pass.tenant, "surface": "member" } });
    send(&mut stream, &init).await;
    let answer = next(&mut stream).await.expect("an answer");
    assert_eq!(answer["type"], "connection_ack", "{answer}");
    let subscribe = json!({ "id": "e", "type": "subscribe", "payload": { "query": EVENTS } });
    send(&mut stream, &subscribe).await;
    stream
}

/// The next event; the server's pings are answered. Nothing when the socket has ended.
pub(crate) async fn event(stream: &mut Stream) -> Option<Value> {
    loop {
        let mut message = next(stream).await?;
        match message["type"].as_str() {
            Some("next") => return Some(message["payload"]["data"]["events"].take()),
            Some("ping") => send(stream, &json!({ "type": "pong" })).await,
            Some("error") => panic!("refused: {message}"),
            _ => {}
        }
    }
}

/// Sends one message; one that comes too late is no harm.
pub(crate) async fn send(stream: &mut Stream, message: &Value) {
    let _ = stream.send(Message::text(message.to_string())).await;
}

async fn next(stream: &mut Stream) -> Option<Value> {
    loop {
        if let Message::Text(text) = stream.next().await?.ok()? {
            return serde_json::from_str(&text).ok();
        }
    }
}
