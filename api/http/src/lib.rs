//! The edge: HTTP, GraphQL over HTTP and over WebSocket, and the way of events to live sockets. It
//! holds no rule of the business and opens no database; what it needs is behind the traits of
//! [`ports`], which `api-server` joins.
//!
//! | file | what |
//! | --- | --- |
//! | `edge.rs` | what all handlers share; graceful stop |
//! | `graphql.rs`, `graphql/` | `GET` and `POST`: negotiation, bounds, execution |
//! | `socket.rs`, `socket/` | graphql-transport-ws |
//! | `files.rs`, `files/` | the bytes of files: small ones in, all of them out |
//! | `fanout.rs`, `fanout/` | one execution an event, its bytes shared by every subscriber |
//! | `extract/` | who may be asking: cookies, origin, address |
//! | `limited_action.rs` | the rate-limit table |
//! | `middleware/` | log line, security headers |
//! | `health.rs`, `spa.rs` | probes and numbers; the frontend |
//!
//! To add a route: one handler in a file of its own, one line in [`configure`]. To add a limited
//! action: one line in the table. To add a port: a trait in `ports.rs` with its errors, bounds and
//! how fresh an answer must be.

pub mod config;
pub mod edge;
pub mod error;
pub mod extract;
pub mod fanout;
mod files;
pub mod graphql;
mod health;
pub mod limited_action;
mod middleware;
pub mod ports;
pub mod socket;
mod spa;

use std::sync::Arc;

use actix_web::dev::RequestHead;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{guard, web};

pub use config::HttpConfig;
pub use edge::{Edge, EdgePorts};
pub use fanout::FanoutPorts;
pub use middleware::access_log;
pub use ports::{Audience, Authenticated, Authenticator, Identity, TenantSession};
pub use socket::transport::on_connect;

/// The complete route table. Everything that is not here is a page of the frontend, so whoever adds
/// a service of their own (the S3 service in process) registers it before.
pub fn configure(edge: &Arc<Edge>) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let edge = web::Data::from(Arc::clone(edge));
    move |config: &mut web::ServiceConfig| {
        let upgrade = || guard::fn_guard(|context| is_upgrade(context.head()));
        config.app_data(edge).service(
            web::scope("")
                .wrap(from_fn(middleware::security_headers))
                .wrap(from_fn(access_log))
                // Members and tenant administrators: queries, mutations, live events.
                .service(
                    web::resource("/graphql")
                        .route(web::get().guard(upgrade()).to(socket::tenant))
                        .route(web::get().to(graphql::tenant))
                        .route(web::post().to(graphql::tenant)),
                )
                // Sign-up and operators, outside any tenant.
                .service(
                    web::resource("/platform/graphql")
                        .route(web::get().guard(upgrade()).to(socket::platform))
                        .route(web::get().to(graphql::platform))
                        .route(web::post().to(graphql::platform)),
                )
                // The bytes of files; the parts of large ones go straight to the object store.
                .route("/files/{tenant}/small", web::post().to(files::small))
                .service(read(
                    "/files/{tenant}/{kind:avatar|logo}/{file}",
                    files::picture,
                ))
                .service(read("/files/{tenant}/{grant}/{name}", files::granted))
                // Machines that watch this one.
                .route("/healthz", web::get().to(health::live))
                .route("/readyz", web::get().to(health::ready))
                .route("/metrics", web::get().to(health::numbers))
                // Browsers: files and pages of the frontend.
                .default_service(web::to(spa::serve)),
        );
    }
}

/// A resource that is read, whole or in part.
fn read<F, Args>(path: &str, handler: F) -> actix_web::Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
}

fn is_upgrade(head: &RequestHead) -> bool {
    let value = head
        .headers()
        .get(header::UPGRADE)
        .and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}
