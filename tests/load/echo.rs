//! The floor of live sockets: a bare actix-ws server that sends back what it hears.

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

/// A server on a free port.
pub(crate) struct Echo {
    /// `http://127.0.0.1:…`
    pub(crate) base: String,
    handle: ServerHandle,
}

impl Echo {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let server =
            HttpServer::new(|| App::new().route(crate::client::PATH, web::get().to(upgrade)))
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .expect("a port");
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
