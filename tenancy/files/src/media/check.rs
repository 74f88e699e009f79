//! One pass over an uploaded object, streaming: SHA-256, size, type, antivirus at the same time,
//! and what the next step needs (a picture's bytes in memory, a video's in a temporary file). The
//! object is read once; besides the picture no more than a chunk of it is in memory.

use std::error::Error;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tenancy_model::FileKind;
use thiserror::Error;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::antivirus::{Antivirus, AntivirusError, Scan, ScanSession};
use super::sniff::{HEAD_BYTES, Sniffed, sniff};

/// A picture of more bytes is refused: it could not be encoded anew within the memory of a worker.
pub const PICTURE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A video of more bytes is not written to the temporary file, and gets no poster.
pub const SPOOL_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Bytes hashed before other work of the same thread has its turn.
const PIECE_BYTES: usize = 256 * 1024;

/// What is to be checked.
#[derive(Debug, Clone, Copy)]
pub struct MediaInput<'a> {
    /// How long the object is said to be.
    pub size_bytes: u64,
    /// Who scans it; nobody where none is configured.
    pub antivirus: Option<&'a Antivirus>,
    /// Where a video is written for [`super::video::VideoTools`]: a path in a folder of the caller,
    /// who removes it in any case. `None`: no poster is wanted.
    pub spool: Option<&'a Path>,
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaReport {
    /// Of all bytes, as they were uploaded.
    pub sha256: [u8; 32],
    /// As many as [`MediaInput::size_bytes`].
    pub size_bytes: u64,
    /// By the first bytes.
    pub sniffed: Sniffed,
    /// The antivirus' verdict; `None` where none is configured.
    pub scan: Option<Scan>,
    /// All bytes, of [`FileKind::Image`] only.
    pub picture: Option<Bytes>,
    /// Whether the whole object is in [`MediaInput::spool`]: only [`FileKind::Video`] and
    /// [`FileKind::Audio`] up to [`SPOOL_BYTES_MAX`].
    pub spooled: bool,
}

/// Why an object has no report.
#[derive(Debug, Error)]
pub enum MediaError {
    /// Reading it failed: to be tried again.
    #[error("the object could not be read: {0}")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// The antivirus gave no verdict: to be tried again.
    #[error(transparent)]
    Antivirus(#[from] AntivirusError),
    /// The temporary file could not be written: to be tried again.
    #[error("the temporary file could not be written: {0}")]
    Spool(#[from] std::io::Error),
    /// It is shorter or longer than was said: refused.
    #[error("the object has {found} bytes or more, not {expected}")]
    SizeMismatch {
        /// What was said.
        expected: u64,
        /// What was read until it was known.
        found: u64,
    },
    /// It is a picture of more than [`PICTURE_BYTES_MAX`]: refused.
    #[error("a picture of {size_bytes} bytes is too large to be encoded anew")]
    PictureTooLarge {
        /// Its size.
        size_bytes: u64,
    },
}

impl MediaError {
    /// Whether the same object may pass later.
    #[must_use]
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, Self::Source(_) | Self::Antivirus(_) | Self::Spool(_))
    }
}

/// Reads `object` to its end.
///
/// 1. Connect to the antivirus, so that a clamd that is away costs no read.
/// 2. Collect the head and sniff the type, which decides what is kept.
/// 3. Give every piece to the hash, to the antivirus, and to what is kept.
/// 4. Compare the size, end the scan.
///
/// # Errors
/// As [`MediaError`] says. An infected file is no error but a verdict in the report.
pub async fn check<S, E>(object: S, input: &MediaInput<'_>) -> Result<MediaReport, MediaError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut pass = Pass::begin(input).await?; // 1
    let mut object = std::pin::pin!(object);
    while let Some(chunk) = object.next().await {
        let mut chunk = chunk.map_err(|error| MediaError::Source(error.into()))?;
        while !chunk.is_empty() {
            let piece = chunk.split_to(chunk.len().min(PIECE_BYTES));
            pass.take(piece).await?; // 2, 3
            tokio::task::consume_budget().await;
        }
    }
    pass.end().await // 4
}

/// What is kept beside the hash.
enum Keep {
    /// The type is not known yet: the head so far.
    Head(BytesMut),
    Nothing,
    Picture(BytesMut),
    Spool(File),
}

struct Pass<'a> {
    input: &'a MediaInput<'a>,
    hash: Sha256,
    size_bytes: u64,
    scan: Option<ScanSession>,
    sniffed: Sniffed,
    keep: Keep,
}

impl<'a> Pass<'a> {
    async fn begin(input: &'a MediaInput<'a>) -> Result<Self, MediaError> {
        let scan = match input.antivirus {
            Some(antivirus) => Some(antivirus.begin().await?),
            None => None,
        };
        Ok(Self {
            input,
            hash: Sha256::new(),
            size_bytes: 0,
            scan,
            sniffed: sniff(&[]),
            keep: Keep::Head(BytesMut::new()),
        })
    }

    async fn take(&mut self, piece: Bytes) -> Result<(), MediaError> {
        self.size_bytes += piece.len() as u64;
        if self.size_bytes > self.input.size_bytes {
            return Err(self.size_mismatch());
        }
        self.hash.update(&piece);
        if let Some(scan) = &mut self.scan {
            scan.write(&piece).await?;
        }
        match &mut self.keep {
            Keep::Head(head) => {
                head.extend_from_slice(&piece);
                if head.len() >= HEAD_BYTES {
                    self.decide().await?;
                }
            }
            Keep::Nothing => {}
            Keep::Picture(bytes) => bytes.extend_from_slice(&piece),
            Keep::Spool(file) => file.write_all(&piece).await?,
        }
        Ok(())
    }

    /// The head is complete: what is it, and what of it is kept?
    async fn decide(&mut self) -> Result<(), MediaError> {
        let Keep::Head(head) = &mut self.keep else {
            return Ok(());
        };
        let head = std::mem::take(head);
        self.keep = Keep::Nothing;
        self.sniffed = sniff(&head);
        let size_bytes = self.input.size_bytes;
        match (self.sniffed.kind, self.input.spool) {
            (FileKind::Image, _) if size_bytes > PICTURE_BYTES_MAX => {
                return Err(MediaError::PictureTooLarge { size_bytes });
            }
            (FileKind::Image, _) => {
                let missing = size_bytes.saturating_sub(head.len() as u64);
                let mut bytes = head;
                bytes.reserve(usize::try_from(missing).unwrap_or_default());
                self.keep = Keep::Picture(bytes);
            }
            (FileKind::Video | FileKind::Audio, Some(path)) if size_bytes <= SPOOL_BYTES_MAX => {
                let mut file = File::create(path).await?;
                file.write_all(&head).await?;
                self.keep = Keep::Spool(file);
            }
            _ => {}
        }
        Ok(())
    }

    async fn end(mut self) -> Result<MediaReport, MediaError> {
        self.decide().await?;
        if self.size_bytes != self.input.size_bytes {
            return Err(self.size_mismatch());
        }
        let (mut picture, mut spooled) = (None, false);
        match self.keep {
            Keep::Picture(bytes) => picture = Some(bytes.freeze()),
            Keep::Spool(mut file) => {
                file.flush().await?;
                spooled = true;
            }
            Keep::Head(_) | Keep::Nothing => {}
        }
        let scan = match self.scan {
            Some(scan) => Some(scan.finish().await?),
            None => None,
        };
        Ok(MediaReport {
            sha256: self.hash.finalize().into(),
            size_bytes: self.size_bytes,
            sniffed: self.sniffed,
            scan,
            picture,
            spooled,
        })
    }

    fn size_mismatch(&self) -> MediaError {
        MediaError::SizeMismatch {
            expected: self.input.size_bytes,
            found: self.size_bytes,
        }
    }
}

#[cfg(test)]
mod tests;
