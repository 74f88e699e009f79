//! What waits to be written to one socket, bounded in number and bytes. A reader that is too slow
//! loses everything at once and is closed; it catches up with `sync` when it comes back.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::config::SocketLimits;

/// Why a socket closes: a code of RFC 6455 or of graphql-transport-ws, and at most 123 bytes of
/// text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// The code.
    pub code: u16,
    /// The text.
    pub reason: Cow<'static, str>,
}

impl Close {
    /// A reason that is too long is cut.
    #[must_use]
    pub fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        let mut reason = reason.into();
        if reason.len() > REASON_BYTES_MAX {
            let end = reason.floor_char_boundary(REASON_BYTES_MAX);
            reason = Cow::Owned(reason[..end].to_owned());
        }
        Self { code, reason }
    }
}

/// RFC 6455, section 5.5: a control frame has at most 125 bytes, two of which are the code.
const REASON_BYTES_MAX: usize = 123;
/// A slow reader, or a server that cannot go on: come back.
pub const TRY_AGAIN_LATER: u16 = 1013;

/// One message to be written.
#[derive(Debug, Clone)]
pub enum Frame {
    /// As it is.
    Text(String),
    /// An event: the shared result, around which the subscription's id is put.
    Next {
        /// The id as JSON.
        id: Arc<str>,
        /// The result as JSON.
        payload: Bytes,
    },
}

impl Frame {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Next { id, payload } => id.len() + payload.len(),
        }
    }
}

/// What is to be done next.
#[derive(Debug)]
pub enum Out {
    /// Write this.
    Frame(Frame),
    /// Nothing more: close.
    Close(Close),
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Frame>,
    bytes: usize,
    close: Option<Close>,
    slow: bool,
}

/// The queue of one socket. Many may push; one task takes.
#[derive(Debug)]
pub struct SendQueue {
    waiting: Mutex<Waiting>,
    wake: Notify,
    frames_max: usize,
    bytes_max: usize,
}

impl SendQueue {
    /// An empty queue.
    #[must_use]
    pub fn new(limits: &SocketLimits) -> Self {
        Self {
            waiting: Mutex::default(),
            wake: Notify::new(),
            frames_max: limits.queue_frames_max,
            bytes_max: limits.queue_bytes_max,
        }
    }

    /// Adds a frame, unless the socket is closing. A frame beyond the bounds makes it close, except
    /// for one that waits alone: how large an answer is, is no fault of its reader.
    pub fn push(&self, frame: Frame) {
        let mut waiting = self.waiting.lock();
        if waiting.close.is_some() {
            return;
        }
        waiting.bytes += frame.bytes();
        waiting.frames.push_back(frame);
        let crowded = waiting.frames.len() > 1 && waiting.bytes > self.bytes_max;
        if crowded || waiting.frames.len() > self.frames_max {
            *waiting = Waiting {
                slow: true,
                close: Some(Close::new(TRY_AGAIN_LATER, "Reading too slowly")),
                ..Waiting::default()
            };
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Closes the socket after what is queued; the first reason counts.
    pub fn close(&self, close: Close) {
        self.waiting.lock().close.get_or_insert(close);
        self.wake.notify_one();
    }

    /// The next thing to do, if there is any.
    pub fn take(&self) -> Option<Out> {
        let mut waiting = self.waiting.lock();
        match waiting.frames.pop_front() {
            Some(frame) => {
                waiting.bytes -= frame.bytes();
                if waiting.frames.is_empty() {
                    // An idle socket keeps no memory of its last burst.
                    waiting.frames.shrink_to(4);
                }
                Some(Out::Frame(frame))
            }
            None => waiting.close.clone().map(Out::Close),
        }
    }

    /// Whether the reader was too slow.
    pub fn is_slow(&self) -> bool {
        self.waiting.lock().slow
    }

    /// Waits until there may be something to do.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(length: usize) -> Frame {
        Frame::Text("x".repeat(length))
    }

    #[test]
    fn a_slow_reader_loses_the_queue_and_is_closed() {
        let limits = SocketLimits {
            queue_frames_max: 2,
            ..SocketLimits::default()
        };
        let queue = SendQueue::new(&limits);
        (0..3).for_each(|_| queue.push(text(1)));
        assert!(queue.is_slow());
        assert!(matches!(queue.take(), Some(Out::Close(close)) if close.code == TRY_AGAIN_LATER));
        let limits = SocketLimits {
            queue_bytes_max: 10,
            ..SocketLimits::default()
        };
        let queue = SendQueue::new(&limits);
        queue.push(text(11));
        assert!(!queue.is_slow(), "alone");
        queue.push(text(1));
        assert!(queue.is_slow());
    }

    #[test]
    fn what_is_queued_goes_out_before_the_close() {
        let queue = SendQueue::new(&SocketLimits::default());
        queue.push(text(1));
        queue.close(Close::new(4403, "Session ended"));
        queue.close(Close::new(1001, "Going away"));
        queue.push(text(2));
        assert!(matches!(queue.take(), Some(Out::Frame(_))));
        assert!(matches!(queue.take(), Some(Out::Close(close)) if close.code == 4403));
    }

    #[test]
    fn a_reason_fits_into_a_control_frame() {
        let close = Close::new(4409, "语".repeat(100));
        assert_eq!(close.reason.len(), 123);
        assert_eq!(Close::new(4409, "é".repeat(100)).reason.len(), 122);
    }
}
