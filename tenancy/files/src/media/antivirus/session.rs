//! One connection to clamd and one file on it, in the `z` form of its protocol: commands and
//! answers end with a zero byte, and a chunk is its length in four bytes and then so many bytes.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::{AntivirusError, AntivirusTimes, ClamdAddress, NAME_BYTES_MAX, Scan};

/// Bytes sent at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// No answer of clamd is longer.
const ANSWER_BYTES_MAX: usize = 4096;

trait Reader: AsyncRead + Send + Sync + Unpin {}
impl<T: AsyncRead + Send + Sync + Unpin> Reader for T {}
trait Writer: AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncWrite + Send + Sync + Unpin> Writer for T {}

/// A file on its way through clamd. Dropped before [`ScanSession::finish`] it leaves no verdict.
pub struct ScanSession {
    reader: Box<dyn Reader>,
    writer: Box<dyn Writer>,
    answer: Vec<u8>,
    /// A verdict that came before the end: clamd wants no more bytes.
    early: Option<Scan>,
    times: AntivirusTimes,
}

impl ScanSession {
    pub(super) async fn open(
        address: &ClamdAddress,
        times: AntivirusTimes,
    ) -> Result<Self, AntivirusError> {
        let mut session = Self::connect(address, times).await?;
        session.send(b"zINSTREAM\0").await?;
        Ok(session)
    }

    async fn connect(
        address: &ClamdAddress,
        times: AntivirusTimes,
    ) -> Result<Self, AntivirusError> {
        let connecting = async {
            Ok(match address {
                ClamdAddress::Tcp(address) => {
                    let (reader, writer) = TcpStream::connect(address).await?.into_split();
                    Self::over(Box::new(reader), Box::new(writer), times)
                }
                ClamdAddress::Unix(path) => {
                    let (reader, writer) = UnixStream::connect(path).await?.into_split();
                    Self::over(Box::new(reader), Box::new(writer), times)
                }
            })
        };
        within(times.step, "accept a connection", connecting).await
    }

    fn over(reader: Box<dyn Reader>, writer: Box<dyn Writer>, times: AntivirusTimes) -> Self {
        Self {
            reader,
            writer,
            answer: Vec::new(),
            early: None,
            times,
        }
    }

    /// Sends the next bytes of the file. Does nothing after a verdict that came early.
    ///
    /// # Errors
    /// When clamd went away or takes too long.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), AntivirusError> {
        for chunk in bytes.chunks(CHUNK_BYTES) {
            if self.early.is_some() {
                return Ok(());
            }
            let length = u32::try_from(chunk.len()).unwrap_or(u32::MAX).to_be_bytes();
            self.send(&length).await?;
            if self.early.is_none() {
                self.send(chunk).await?;
            }
        }
        Ok(())
    }

    /// Ends the file and waits for the verdict.
    ///
    /// # Errors
    /// When clamd went away, takes too long, or answers with no verdict.
    pub async fn finish(mut self) -> Result<Scan, AntivirusError> {
        if self.early.is_none() {
            self.send(&0_u32.to_be_bytes()).await?;
        }
        if let Some(early) = self.early {
            return Ok(early);
        }
        let Self {
            reader,
            answer,
            times,
            ..
        } = &mut self;
        let said = within(times.verdict, "give a verdict", read_answer(reader, answer)).await?;
        verdict(&said)
    }

    /// Writes, and reads at the same time: clamd says at once that a file is too long, and closes.
    async fn send(&mut self, bytes: &[u8]) -> Result<(), AntivirusError> {
        let Self {
            reader,
            writer,
            answer,
            times,
            ..
        } = self;
        let sending = async {
            tokio::select! {
                said = read_answer(reader, answer) => said.map(Some),
                written = writer.write_all(bytes) => written.map(|()| None),
            }
        };
        let said = match within(times.step, "take a chunk", sending).await {
            Ok(said) => said,
            // The pipe broke first; why is what it said before.
            Err(AntivirusError::Away(broken)) => {
                let reading = read_answer(reader, answer);
                Some(
                    within(times.step, "answer", reading)
                        .await
                        .map_err(|_| broken)?,
                )
            }
            Err(error) => return Err(error),
        };
        if let Some(said) = said {
            self.early = Some(verdict(&said)?);
        }
        Ok(())
    }
}

pub(super) async fn version(
    address: &ClamdAddress,
    times: AntivirusTimes,
) -> Result<String, AntivirusError> {
    let mut session = ScanSession::connect(address, times).await?;
    let ScanSession {
        reader,
        writer,
        answer,
        ..
    } = &mut session;
    let asking = async {
        writer.write_all(b"zVERSION\0").await?;
        read_answer(reader, answer).await
    };
    within(times.step, "tell its version", asking).await
}

async fn within<T>(
    limit: Duration,
    what: &'static str,
    doing: impl Future<Output = io::Result<T>>,
) -> Result<T, AntivirusError> {
    match timeout(limit, doing).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(AntivirusError::Slow { what, limit }),
    }
}

/// Reads on until the zero byte or the end. What was read stays in `answer` when the future is
/// dropped.
async fn read_answer(reader: &mut Box<dyn Reader>, answer: &mut Vec<u8>) -> io::Result<String> {
    loop {
        if let Some(end) = answer.iter().position(|byte| *byte == 0) {
            answer.truncate(end);
            break;
        }
        if answer.len() >= ANSWER_BYTES_MAX || reader.read_buf(answer).await? == 0 {
            break;
        }
    }
    match String::from_utf8_lossy(answer).trim() {
        "" => Err(io::ErrorKind::UnexpectedEof.into()),
        said => Ok(said.to_owned()),
    }
}

/// `stream: OK`, `stream: NAME FOUND` or `INSTREAM size limit exceeded. ERROR`.
fn verdict(said: &str) -> Result<Scan, AntivirusError> {
    let found = said.strip_prefix("stream: ");
    match found.map(|found| (found, found.strip_suffix(" FOUND"))) {
        Some(("OK", _)) => Ok(Scan::Clean),
        Some((_, Some(name))) => Ok(Scan::Infected { name: cut(name) }),
        _ if said.contains("size limit exceeded") => Ok(Scan::BeyondLimit),
        _ => Err(AntivirusError::Answer(cut(said))),
    }
}

/// Without control characters, and no longer than [`NAME_BYTES_MAX`].
fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(NAME_BYTES_MAX);
    text[..end].chars().filter(|c| !c.is_control()).collect()
}
