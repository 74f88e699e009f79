//! What the kernel is asked to do for every connection.

use std::any::Any;
use std::time::Duration;

use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::SockRef;

/// How long the kernel keeps a connection whose other end takes nothing. A reader that was given up
/// (its socket is gone from our tables) keeps a connection and a few kilobytes until then.
const USER_TIMEOUT: Duration = Duration::from_secs(30);

/// To be given to `HttpServer::on_connect`: small messages leave at once, and a peer that does not
/// read loses its connection.
pub fn on_connect(connection: &dyn Any, _: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TcpStream>() else {
        return;
    };
    let socket = SockRef::from(stream);
    if let Err(error) = socket.set_tcp_nodelay(true) {
        tracing::debug!(%error, "a connection does not take TCP_NODELAY");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = socket.set_tcp_user_timeout(Some(USER_TIMEOUT)) {
        tracing::debug!(%error, "a connection does not take TCP_USER_TIMEOUT");
    }
}
