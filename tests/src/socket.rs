//! A live socket as our pages open it: graphql-transport-ws over a real connection.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::Browser;

/// How long a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Everything a page of ours asks of an event.
pub const EVENTS: &str = "subscription { events { __typename \
    ... on MessageEvent { conversationId id seq authorId authorName nonce text countTo \
        attachments { id name kind sizeBytes state fileCount } } \
    ... on UploadEvent { uploadId state } \
    ... on ReadMarkEvent { conversationId memberId seq } \
    ... on ConversationEvent { conversationId } \
    ... on DirectoryEvent { version } \
    ... on PresenceEvent { memberId online } \
    ... on SessionEndedEvent { reason by } } }";

/// One live socket with one subscription to everything.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What came over a socket.
#[derive(Debug, Clone)]
pub enum Heard {
    /// An event.
    Event(Value),
    /// The server closed, with code and reason.
    Closed(u16, String),
}

impl Socket {
    /// Opens a socket with the browser's cookies and subscribes to everything.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn open(browser: &Browser) -> Self {
        let mut socket = Self::connect(browser).await;
        socket.init(browser).await;
        let ack = socket
            .next_json()
            .await
            .expect("an answer to connection_init");
        assert_eq!(ack["type"], "connection_ack", "{ack}");
        socket.subscribe("e", EVENTS).await;
        socket
    }

    /// Says who it is.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn init(&mut self, browser: &Browser) {
        let init = json!({ "tenant": browser.tenant(), "surface": browser.surface() });
        self.send(&json!({ "type": "connection_init", "payload": init }))
            .await;
    }

    /// Begins an operation under an id.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(&json!({ "id": id, "type": "subscribe", "payload": { "query": query } }))
            .await;
    }

    /// Opens the connection alone.
    ///
    /// # Panics
    /// When the upgrade is refused.
    pub async fn connect(browser: &Browser) -> Self {
        let url = format!("{}/graphql", browser.base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a request");
        let headers = request.headers_mut();
        let text = |text: &str| HeaderValue::from_str(text).expect("a header");
        headers.insert("Sec-WebSocket-Protocol", text("graphql-transport-ws"));
        headers.insert("Origin", text(&browser.base));
        headers.insert("Cookie", text(&browser.cookie_header()));
        let (stream, _) = connect_async(request).await.expect("an upgrade");
        Self { stream }
    }

    /// Sends one protocol message.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send(&mut self, message: &Value) {
        self.stream
            .send(Message::text(message.to_string()))
            .await
            .expect("a live socket");
    }

    /// The next event or the close; pings are answered.
    ///
    /// # Panics
    /// When nothing comes in time.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.next_json().await {
                Ok(message) if message["type"] == "next" => {
                    return Heard::Event(message["payload"]["data"]["events"].clone());
                }
                Ok(message) if message["type"] == "error" => panic!("refused: {message}"),
                Ok(_) => {}
                Err((code, reason)) => return Heard::Closed(code, reason),
            }
        }
    }

    /// The next event of a type; others are passed over.
    ///
    /// # Panics
    /// When the socket closes first, or nothing comes in time.
    pub async fn hear_type(&mut self, typename: &str) -> Value {
        loop {
            match self.hear().await {
                Heard::Event(event) if event["__typename"] == typename => return event,
                Heard::Event(_) => {}
                Heard::Closed(code, reason) => panic!("closed {code} {reason}"),
            }
        }
    }

    /// Waits until the server closes.
    ///
    /// # Panics
    /// When it does not in time.
    pub async fn until_closed(&mut self) -> (u16, String) {
        loop {
            if let Heard::Closed(code, reason) = self.hear().await {
                return (code, reason);
            }
        }
    }

    /// The next protocol message, or code and reason of the close; pings are answered.
    ///
    /// # Errors
    /// The close; 1006 where the connection broke.
    ///
    /// # Panics
    /// When nothing comes in time.
    pub async fn next_json(&mut self) -> Result<Value, (u16, String)> {
        // The server's pings are no answer to what a test waits for.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let next = timeout_at(deadline, self.stream.next())
                .await
                .expect("something in time");
            match next {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).expect("JSON");
                    if message["type"] == "ping" {
                        self.send(&json!({ "type": "pong" })).await;
                    } else {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let frame = frame.map(|f| (u16::from(f.code), f.reason.to_string()));
                    return Err(frame.unwrap_or((1005, String::new())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err((1006, String::new())),
            }
        }
    }
}
