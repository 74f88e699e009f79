//! Many streams as one zip stream, without a temporary file: stored, not compressed (what members
//! send is compressed already), sizes and sums in descriptors behind the bytes, zip64 where a
//! number needs it, names in UTF-8.
//!
//! Bodies are opened one after the other: ask for the next entry's bytes in the stream of entries,
//! for instance by `stream::iter(rows).then(open)`. What is in memory is a chunk of a body and the
//! directory of the names.

mod format;
mod name;

use std::error::Error;
use std::mem;

use bytes::Bytes;
use futures::stream::{BoxStream, Stream, StreamExt as _, try_unfold};
use kernel::Instant;
use thiserror::Error;

use format::{Directory, Record};
pub use name::SafeNames;

/// More files than this are not put into one zip.
pub const ENTRIES_MAX: usize = 10_000;

/// A file of the zip.
pub struct ZipEntry<S> {
    /// Its path as somebody named it; [`SafeNames`] makes the one in the zip out of it.
    pub path: String,
    /// How many bytes `body` has.
    pub size_bytes: u64,
    /// When it was last changed, to the second.
    pub changed_at: Instant,
    /// Its bytes.
    pub body: S,
}

/// Why a zip ends before its end; what was sent of it is no zip.
#[derive(Debug, Error)]
pub enum ZipError {
    /// An entry, or its bytes, could not be had.
    #[error("a file of the zip could not be read: {0}")]
    Source(#[source] Box<dyn Error + Send + Sync>),
    /// A body has another size than its entry.
    #[error("a file of the zip has {found} bytes or more, not {expected}")]
    SizeMismatch {
        /// What the entry says.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// More than [`ENTRIES_MAX`].
    #[error("a zip of more than {ENTRIES_MAX} files")]
    TooManyEntries,
}

/// The zip of `entries`, as chunks that are to be sent in this order.
pub fn zip<'a, I, S, E>(entries: I) -> impl Stream<Item = Result<Bytes, ZipError>> + Send + 'a
where
    I: Stream<Item = Result<ZipEntry<S>, E>> + Send + 'a,
    S: Stream<Item = Result<Bytes, E>> + Send + 'a,
    E: Into<Box<dyn Error + Send + Sync>> + 'a,
{
    let entries = entries.map(|entry| match entry {
        Ok(ZipEntry {
            path,
            size_bytes,
            changed_at,
            body,
        }) => {
            let body = body.map(|chunk| chunk.map_err(source)).boxed();
            Ok(ZipEntry {
                path,
                size_bytes,
                changed_at,
                body,
            })
        }
        Err(error) => Err(source(error)),
    });
    stream_of(entries.boxed(), format::ZIP64_FROM)
}

fn source(error: impl Into<Box<dyn Error + Send + Sync>>) -> ZipError {
    ZipError::Source(error.into())
}

type Body<'a> = BoxStream<'a, Result<Bytes, ZipError>>;

/// `zip64_from` is a parameter so that a test need not write four gigabytes.
fn stream_of<'a>(
    entries: BoxStream<'a, Result<ZipEntry<Body<'a>>, ZipError>>,
    zip64_from: u64,
) -> impl Stream<Item = Result<Bytes, ZipError>> + Send + 'a {
    let writer = Writer {
        entries,
        names: SafeNames::default(),
        directory: Directory::new(zip64_from),
        state: State::Between,
    };
    try_unfold(writer, async |mut writer| {
        Ok(writer.step().await?.map(|bytes| (bytes, writer)))
    })
}

enum State<'a> {
    Between,
    Inside {
        body: Body<'a>,
        record: Box<Record>,
        sum: crc32fast::Hasher,
        found: u64,
    },
    Done,
}

struct Writer<'a> {
    entries: BoxStream<'a, Result<ZipEntry<Body<'a>>, ZipError>>,
    names: SafeNames,
    directory: Directory,
    state: State<'a>,
}

impl<'a> Writer<'a> {
    /// The next chunk; `None` after the last one.
    async fn step(&mut self) -> Result<Option<Bytes>, ZipError> {
        match mem::replace(&mut self.state, State::Done) {
            State::Between => match self.entries.next().await {
                Some(entry) => self.open(entry?).map(Some),
                None => Ok(Some(self.directory.finish())),
            },
            State::Inside {
                mut body,
                record,
                mut sum,
                mut found,
            } => {
                let Some(chunk) = body.next().await.transpose()? else {
                    return self.close(*record, sum.finalize(), found).map(Some);
                };
                found += chunk.len() as u64;
                if found > record.size_bytes {
                    return Err(ZipError::SizeMismatch {
                        expected: record.size_bytes,
                        found,
                    });
                }
                sum.update(&chunk);
                self.directory.sent(chunk.len());
                self.state = State::Inside {
                    body,
                    record,
                    sum,
                    found,
                };
                Ok(Some(chunk))
            }
            State::Done => Ok(None),
        }
    }

    fn open(&mut self, entry: ZipEntry<Body<'a>>) -> Result<Bytes, ZipError> {
        if self.directory.len() >= ENTRIES_MAX {
            return Err(ZipError::TooManyEntries);
        }
        let record = Record {
            name: self.names.claim(&entry.path),
            size_bytes: entry.size_bytes,
            changed_at: entry.changed_at,
            offset: self.directory.offset(),
            sum: 0,
        };
        let header = self.directory.header(&record);
        self.state = State::Inside {
            body: entry.body,
            record: Box::new(record),
            sum: crc32fast::Hasher::new(),
            found: 0,
        };
        Ok(header)
    }

    fn close(&mut self, record: Record, sum: u32, found: u64) -> Result<Bytes, ZipError> {
        if found != record.size_bytes {
            return Err(ZipError::SizeMismatch {
                expected: record.size_bytes,
                found,
            });
        }
        self.state = State::Between;
        Ok(self.directory.close(Record { sum, ..record }))
    }
}

#[cfg(test)]
mod tests;
