//! Bytes that go straight through, a few chunks in memory: a body of known length on its way in,
//! and some bytes of an object on their way out.

use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_s3::config::StalledStreamProtectionConfig;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use super::store::{BlobStore, BlobStream, stream};
use super::{BlobError, check_key};

/// Chunks between who sends and the object service.
const CHUNKS_WAITING: usize = 4;

impl BlobStore {
    /// Opens some bytes of the object of `key`: from the first to the last that is wanted, which
    /// the object has to have.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] and others.
    pub async fn get_range(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<BlobStream, BlobError> {
        check_key(key)?;
        let found = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .range(format!("bytes={}-{}", range.start(), range.end()))
            .send()
            .await?;
        Ok(stream(found.body))
    }

    /// Stores exactly `size_bytes` of `body` under `key`, without holding them in memory. It takes
    /// as long as the body takes (whoever sends it bounds that), and is not tried again.
    ///
    /// # Errors
    /// [`BlobError::Body`] when the body fails or has another length; nothing is stored then.
    pub async fn put_sized<S, E>(
        &self,
        key: &str,
        content_type: &str,
        size_bytes: u64,
        body: S,
    ) -> Result<(), BlobError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        check_key(key)?;
        let length = i64::try_from(size_bytes).map_err(|_| BlobError::Limit("the size"))?;
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        let passed = SizedBody {
            receiver,
            left: size_bytes,
        };
        let mut patient = self.patient();
        patient.set_stalled_stream_protection(Some(StalledStreamProtectionConfig::disabled()));
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .content_length(length)
            .set_server_side_encryption(self.sse.clone())
            .body(ByteStream::new(SdkBody::from_body_1_x(passed)))
            .customize()
            .config_override(patient)
            .send();
        let mut put = std::pin::pin!(put);
        let mut pass = std::pin::pin!(pass(body, size_bytes, sender));
        tokio::select! {
            passed = &mut pass => {
                let stored = put.await;
                // The body's own fault says more than that the request failed.
                passed?;
                stored?;
            }
            // Refused before the body was read; nobody waits for the rest of it.
            stored = &mut put => {
                stored?;
                pass.await?;
            }
        }
        Ok(())
    }
}

/// Hands the body on, and sees to its length.
async fn pass<S, E>(
    body: S,
    size_bytes: u64,
    sender: mpsc::Sender<Result<Bytes, BlobError>>,
) -> Result<(), BlobError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: std::fmt::Display,
{
    let mut body = std::pin::pin!(body);
    let mut left = size_bytes;
    loop {
        let fault = match body.next().await {
            None if left == 0 => return Ok(()),
            None => "it ended early".to_owned(),
            Some(Err(error)) => error.to_string(),
            Some(Ok(chunk)) => match left.checked_sub(chunk.len() as u64) {
                Some(rest) => {
                    left = rest;
                    if sender.send(Ok(chunk)).await.is_err() {
                        return Err(BlobError::Body("nobody takes it".to_owned()));
                    }
                    continue;
                }
                None => "it is longer than announced".to_owned(),
            },
        };
        // The request must not end well.
        let _ = sender.send(Err(BlobError::Body(fault.clone()))).await;
        return Err(BlobError::Body(fault));
    }
}

/// Chunks as they come; without the last byte it never ends well.
struct SizedBody {
    receiver: mpsc::Receiver<Result<Bytes, BlobError>>,
    left: u64,
}

impl Body for SizedBody {
    type Data = Bytes;
    type Error = BlobError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BlobError>>> {
        let frame = std::task::ready!(self.receiver.poll_recv(context));
        Poll::Ready(match frame {
            Some(Ok(chunk)) => {
                self.left = self.left.saturating_sub(chunk.len() as u64);
                Some(Ok(Frame::data(chunk)))
            }
            Some(Err(error)) => Some(Err(error)),
            None if self.left > 0 => Some(Err(BlobError::Body("it ended early".to_owned()))),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
