//! A client of the tests: tokio-tungstenite speaking graphql-transport-ws.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::world::World;

/// Longer than anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const EVENTS: &str = "subscription { events { kind conversationId seq text } }";

pub(crate) struct Client(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    /// An open socket that said nothing yet.
    pub(crate) async fn open(world: &World) -> Self {
        let mut request = format!("ws://{}/graphql", world.address)
            .into_client_request()
            .unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        Self(connect_async(request).await.unwrap().0)
    }

    /// A socket whose session is `token`'s.
    pub(crate) async fn signed_in(world: &World, token: &str) -> Self {
        let mut client = Self::open(world).await;
        client.init(world, token).await;
        client.until("connection_ack").await;
        client
    }

    /// A socket that subscribed to all events.
    pub(crate) async fn listening(world: &World, token: &str) -> Self {
        let mut client = Self::signed_in(world, token).await;
        client.subscribe("s", EVENTS).await;
        client.settled().await;
        client
    }

    pub(crate) async fn init(&mut self, world: &World, token: &str) {
        let payload = json!({
            "tenant": world.tenant.to_string(),
            "authorization": format!("Bearer {token}"),
        });
        self.send(&json!({ "type": "connection_init", "payload": payload }))
            .await;
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(&json!({ "id": id, "type": "subscribe", "payload": { "query": query } }))
            .await;
    }

    /// Waits until everything that was sent before has been handled.
    pub(crate) async fn settled(&mut self) {
        self.send(&json!({ "type": "ping" })).await;
        self.until("pong").await;
    }

    /// The next message of this type; others are passed over.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            match self.next().await {
                Ok(message) if message["type"] == kind => return message,
                Ok(_) => {}
                Err(code) => panic!("closed with {code} before a {kind} came"),
            }
        }
    }

    /// The next message, or the code of the close.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        loop {
            match timeout(PATIENCE, self.0.next())
                .await
                .expect("nothing came")
            {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The event that comes next.
    pub(crate) async fn event(&mut self) -> Value {
        self.until("next").await["payload"]["data"]["events"].take()
    }

    /// The code with which the server closes.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}
