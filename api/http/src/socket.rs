//! `GET /graphql` with an upgrade: graphql-transport-ws, by hand on actix-ws. This file takes the
//! upgrade and moves bytes; `live.rs` knows the protocol.
//!
//! | code | when |
//! | --- | --- |
//! | 1001 | the server stops |
//! | 1009 | a message is larger than the limit |
//! | 1013 | the reader is too slow, or sessions cannot be looked up now |
//! | 4400 | a malformed message |
//! | 4401 | `subscribe` before `connection_init` |
//! | 4403 | no session, or it ended |
//! | 4406 | the client speaks another protocol |
//! | 4408 | no `connection_init` in time, or silent for too long |
//! | 4409 | the id is in use |
//! | 4429 | a second `connection_init`, or too many sockets of one member |

pub mod live;
pub mod message;
pub mod queue;
pub mod table;
pub mod transport;

use std::pin::pin;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{
    AggregatedMessage, AggregatedMessageStream, CloseReason, Message, ProtocolError, Session,
};
use futures::{FutureExt as _, SinkExt as _, StreamExt as _, future::poll_fn};
use tenancy_model::ErrorCode;
use tokio::time::{sleep, sleep_until, timeout};

use self::live::Live;
use self::queue::{Close, Out};
use crate::config::ms;
use crate::edge::Edge;
use crate::error::HttpError;
use crate::extract::caller::Side;
use crate::extract::cookie::Cookies;
use crate::middleware::trace_id;

/// The one protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
const PROTOCOL_NOT_ACCEPTABLE: u16 = 4406;
const TOO_BIG: u16 = 1009;
const INVALID_DATA: u16 = 1007;
const PROTOCOL_BROKEN: u16 = 1002;
/// How long a close may take to be written.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// The upgrade of `/graphql`.
pub(crate) async fn tenant(
    request: HttpRequest,
    body: Payload,
    edge: web::Data<Edge>,
) -> actix_web::Result<HttpResponse> {
    upgrade(Side::Tenant, &request, body, &edge)
}

/// The upgrade of `/platform/graphql`.
pub(crate) async fn platform(
    request: HttpRequest,
    body: Payload,
    edge: web::Data<Edge>,
) -> actix_web::Result<HttpResponse> {
    upgrade(Side::Platform, &request, body, &edge)
}

fn upgrade(
    side: Side,
    request: &HttpRequest,
    body: Payload,
    edge: &web::Data<Edge>,
) -> actix_web::Result<HttpResponse> {
    edge.site.require_own_page(request.head())?;
    let registration = edge.sockets.register().ok_or_else(|| {
        HttpError::new(ErrorCode::Unavailable, "no more sockets are taken now").retry_after_s(5)
    })?;
    let limits = &edge.config.socket;
    let (answer, session, stream) = actix_ws::handle_with_protocols(request, body, &[PROTOCOL])?;
    let stream = stream
        .max_frame_size(limits.message_bytes_max)
        .aggregate_continuations()
        .max_continuation_size(limits.message_bytes_max);
    let spoken = answer.status() == StatusCode::SWITCHING_PROTOCOLS
        && answer
            .headers()
            .contains_key(header::SEC_WEBSOCKET_PROTOCOL);
    if !spoken {
        let reason = Close::new(PROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable");
        registration.socket.queue.close(reason);
    }
    let caller = edge.caller(side, request.head(), &trace_id(request));
    let cookies = Cookies::read(request.head(), edge.site.https);
    let live = Live::new(edge.clone(), caller, cookies, registration);
    actix_web::rt::spawn(run(live, session, stream));
    Ok(answer)
}

/// What ended a socket.
enum End {
    /// The client is gone, or never read what was written to it: nothing more can be said.
    Gone(&'static str),
    /// To be said.
    Close(Close),
}

/// Serves one socket until it ends.
async fn run(mut live: Live, mut session: Session, mut stream: AggregatedMessageStream) {
    let end = loop {
        let deadline = live.deadline();
        let socket = live.socket();
        let step = tokio::select! {
            () = socket.queue.changed() => Box::pin(write_queued(&live, &mut session)).await,
            // Boxed: what a socket needs while it works is not kept while it is idle, as most are.
            message = stream.next() => Box::pin(read(&mut live, &mut session, message)).await,
            () = sleep_until(deadline) => Box::pin(live.tick()).await.map_err(End::Close),
        };
        if let Err(end) = step {
            break end;
        }
    };
    let (code, reason) = match &end {
        End::Gone(why) => (0, *why),
        End::Close(close) => (close.code, &*close.reason),
    };
    metrics::counter!("socket_closes_total", "code" => code.to_string()).increment(1);
    tracing::debug!(trace_id = live.trace_id(), code, reason, "a socket closed");
    // The place in the table is given back first: what follows can no longer be waited for.
    drop(live);
    if let End::Close(close) = end {
        let reason = CloseReason {
            code: close.code.into(),
            description: Some(close.reason.into()),
        };
        // A client that does not read is not told; its connection falls by itself (transport.rs).
        let _ = timeout(CLOSE_WAIT, session.close(Some(reason))).await;
    }
}

async fn read(
    live: &mut Live,
    session: &mut Session,
    message: Option<Result<AggregatedMessage, ProtocolError>>,
) -> Result<(), End> {
    live.heard();
    match message {
        Some(Ok(AggregatedMessage::Text(text))) => live.message(&text).await.map_err(End::Close),
        Some(Ok(AggregatedMessage::Ping(payload))) => {
            write(live, session, Message::Pong(payload)).await
        }
        Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
        Some(Ok(AggregatedMessage::Binary(_))) => {
            let reason = "Invalid message: binary frames are not spoken here";
            Err(End::Close(Close::new(message::BAD_REQUEST, reason)))
        }
        Some(Ok(AggregatedMessage::Close(_))) => Err(End::Close(Close::new(1000, ""))),
        Some(Err(ProtocolError::Overflow)) => {
            Err(End::Close(Close::new(TOO_BIG, "Message too large")))
        }
        Some(Err(ProtocolError::Io(error))) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(End::Close(Close::new(INVALID_DATA, "Text must be UTF-8")))
        }
        Some(Err(ProtocolError::Io(_))) | None => Err(End::Gone("client gone")),
        Some(Err(_)) => Err(End::Close(Close::new(PROTOCOL_BROKEN, "Protocol error"))),
    }
}

/// Writes everything that waits.
async fn write_queued(live: &Live, session: &mut Session) -> Result<(), End> {
    while let Some(out) = live.socket().queue.take() {
        match out {
            Out::Frame(frame) => {
                write(live, session, Message::Text(message::text(frame).into())).await?;
            }
            Out::Close(close) => return Err(End::Close(close)),
        }
    }
    Ok(())
}

/// Hands one message to the connection; waits for a client that reads slowly, but not for long.
async fn write(live: &Live, session: &mut Session, message: Message) -> Result<(), End> {
    let gone = |_| End::Gone("client gone");
    match poll_fn(|context| session.poll_ready_unpin(context)).now_or_never() {
        Some(ready) => ready.map_err(gone)?,
        None => {
            let socket = live.socket();
            let mut stalled = pin!(sleep(ms(live.limits().stalled_ms)));
            loop {
                tokio::select! {
                    ready = poll_fn(|context| session.poll_ready_unpin(context)) => {
                        ready.map_err(gone)?;
                        break;
                    }
                    () = socket.queue.changed() => {
                        if socket.queue.is_slow() {
                            return Err(End::Gone("reads too slowly"));
                        }
                    }
                    () = &mut stalled => return Err(End::Gone("does not read")),
                }
            }
        }
    }
    session.start_send_unpin(message).map_err(gone)
}
