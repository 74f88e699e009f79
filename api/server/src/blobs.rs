//! The object service of the embedded column, mounted in the same server under its bucket's name,
//! so that presigned URLs work from a browser.

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use futures::{StreamExt as _, TryStreamExt as _};
use platform::s3::{BlobRequest, LocalS3};
use tokio::sync::mpsc;

/// Parts of a body that wait between the connection and the disk: each holds up to 64 KiB, for
/// every upload that is under way.
const PARTS_WAITING: usize = 2;

/// Adds `/blobs/…` where the service runs in this process.
pub(crate) fn configure(local: Option<web::Data<LocalS3>>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        if let Some(local) = local {
            config.app_data(local).service(
                web::resource("/blobs/{path:.*}")
                    .wrap(from_fn(api_http::access_log))
                    .route(web::to(serve)),
            );
        }
    }
}

async fn serve(
    request: HttpRequest,
    mut payload: web::Payload,
    local: web::Data<LocalS3>,
) -> HttpResponse {
    // The connection's stream stays on its thread; the service's may go anywhere.
    let (parts, body) = mpsc::channel(PARTS_WAITING);
    actix_web::rt::spawn(async move {
        while let Some(part) = payload.next().await {
            if parts
                .send(part.map_err(std::io::Error::other))
                .await
                .is_err()
            {
                return;
            }
        }
    });
    let headers = request.headers().iter();
    let asked = BlobRequest {
        method: request.method().to_string(),
        target: request.uri().to_string(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect(),
        body: tokio_stream(body),
    };
    match local.handle(asked).await {
        Ok(answer) => {
            let status = actix_web::http::StatusCode::from_u16(answer.status)
                .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = HttpResponse::build(status);
            for (name, value) in answer.headers {
                response.append_header((name, value));
            }
            response.streaming(answer.body.map_err(std::io::Error::other))
        }
        Err(error) => {
            tracing::error!(%error, "the object service failed");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

fn tokio_stream<T: Send + 'static>(
    receiver: mpsc::Receiver<T>,
) -> impl futures::Stream<Item = T> + Send + Sync {
    futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|item| (item, receiver))
    })
}
