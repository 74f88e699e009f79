//! The floor of live sockets and of uploads: a bare actix server that sends back what it hears, and
//! takes bytes that it does not keep.

use std::time::Duration;

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::header::{self, HeaderValue},
    rt, web,
};
use actix_ws::Message;
use futures::StreamExt as _;

/// What clients speak to the product.
const PROTOCOL: HeaderValue = HeaderValue::from_static("graphql-transport-ws");

/// Clients that the machine keeps waiting are not turned away.
const KEEP_ALIVE: Duration = Duration::from_secs(600);
/// Where bytes are sent to that nobody keeps.
pub(crate) const SINK: &str = "/sink";

/// A server on a free port.
pub(crate) struct Echo {
    /// `http://127.0.0.1:…`
    pub(crate) base: String,
    handle: ServerHandle,
}

impl Echo {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let app = || {
            App::new()
                .route(crate::client::PATH, web::get().to(upgrade))
                .route(SINK, web::put().to(swallow))
        };
        let server = HttpServer::new(app)
            .disable_signals()
            .keep_alive(KEEP_ALIVE);
        let server = server.bind(("127.0.0.1", 0)).expect("a port");
        let address = server.addrs().first().copied().expect("an address");
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            base: format!("http://{address}"),
            handle,
        }
    }

    /// Stops it.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

async fn upgrade(request: HttpRequest, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (mut response, mut session, mut messages) = actix_ws::handle(&request, body)?;
    // Clients end where the server answers with none of the protocols that they named.
    response
        .headers_mut()
        .insert(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
    rt::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            if let Message::Text(text) = message
                && session.text(text).await.is_err()
            {
                return;
            }
        }
    });
    Ok(response)
}

async fn swallow(mut body: web::Payload) -> actix_web::Result<HttpResponse> {
    while let Some(chunk) = body.next().await {
        chunk?;
    }
    Ok(HttpResponse::Ok().finish())
}
