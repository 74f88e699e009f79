//! Poster, size and duration of a video by ffmpeg and ffprobe, where they are installed; without
//! them a video has a plain icon.
//!
//! They read one local file, as one of the containers that they are told, on one thread, with
//! bounded time, memory and output, no network, no playlists, no environment and no input.

mod facts;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::time::timeout;

pub use facts::VideoFacts;

/// Longest side of a poster, in pixels.
pub const POSTER_SIDE: u32 = 1280;
/// A poster of more bytes is none.
const POSTER_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// What ffprobe tells is shorter.
const FACTS_BYTES_MAX: u64 = 256 * 1024;
/// Where the poster is taken, unless the video is shorter than three times as much: many begin with
/// a black picture.
const POSTER_AT: Duration = Duration::from_secs(1);
/// Pixels of a frame that is decoded.
const FRAME_PIXELS_MAX: &str = "50000000";
/// Bytes of one allocation.
const ALLOCATION_BYTES_MAX: &str = "536870912";
/// Containers, by the names of ffmpeg. Playlists, which name other files, are none.
const CONTAINERS: &str = "mov,matroska,avi,flv,asf,mpegts,mpeg,ogg,mp3,wav,flac,aac,amr";

/// How long the programs may take.
#[derive(Debug, Clone, Copy)]
pub struct VideoTimes {
    /// ffprobe.
    pub probe: Duration,
    /// ffmpeg, for one frame.
    pub poster: Duration,
}

impl Default for VideoTimes {
    fn default() -> Self {
        Self {
            probe: Duration::from_secs(15),
            poster: Duration::from_secs(30),
        }
    }
}

/// Why a video has no poster or no facts. It is a file all the same.
#[derive(Debug, Error)]
pub enum VideoError {
    /// The program could not be run.
    #[error("{program} could not be run: {source}")]
    Program {
        /// Which.
        program: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// It made nothing of the video.
    #[error("the video could not be read")]
    Unreadable,
    /// It took longer, or said more, than it may; it was ended.
    #[error("the video asks for too much time or space")]
    TooMuch,
}

/// The programs of this machine.
#[derive(Debug, Clone)]
pub struct VideoTools {
    ffmpeg: PathBuf,
    /// Beside ffmpeg, where it is there.
    ffprobe: Option<PathBuf>,
    times: VideoTimes,
}

impl VideoTools {
    /// The ffmpeg at `configured`, or of the `PATH` where nothing is configured. `None` when there
    /// is none; the empty path asks for none.
    #[must_use]
    pub fn find(configured: Option<&Path>, times: VideoTimes) -> Option<Self> {
        let ffmpeg = match configured {
            Some(path) => path.to_owned(),
            None => on_path("ffmpeg")?,
        };
        let ffprobe = ffmpeg.with_file_name("ffprobe");
        let ffprobe = ffprobe.is_file().then_some(ffprobe);
        ffmpeg.is_file().then_some(Self {
            ffmpeg,
            ffprobe,
            times,
        })
    }

    /// Duration and size of the video or sound in `file`; nothing is known where there is no
    /// ffprobe.
    ///
    /// # Errors
    /// As [`VideoError`] says.
    pub async fn facts(&self, file: &Path) -> Result<VideoFacts, VideoError> {
        let Some(ffprobe) = &self.ffprobe else {
            return Ok(VideoFacts::default());
        };
        let mut words = guarded(&["-max_pixels", FRAME_PIXELS_MAX]);
        words.extend(["-of", "json", "-show_entries", facts::ENTRIES].map(Into::into));
        words.push(url(file));
        let said = run(ffprobe, &words, FACTS_BYTES_MAX, self.times.probe).await?;
        facts::parse(&said).ok_or(VideoError::Unreadable)
    }

    /// A frame of the video in `file`, upright, as a JPEG with no side longer than [`POSTER_SIDE`].
    /// Give it to [`super::picture::Pictures::prepare`] for its thumbnail and blur.
    ///
    /// # Errors
    /// As [`VideoError`] says; sound has no frame and is unreadable.
    pub async fn poster(&self, file: &Path, facts: &VideoFacts) -> Result<Bytes, VideoError> {
        let third = facts.duration_ms.map(|ms| Duration::from_millis(ms / 3));
        let at = third.map_or(POSTER_AT, |third| third.min(POSTER_AT));
        match self.frame(file, at).await {
            // Without its duration a video may be shorter than that.
            Err(VideoError::Unreadable) if !at.is_zero() => self.frame(file, Duration::ZERO).await,
            frame => frame,
        }
    }

    async fn frame(&self, file: &Path, at: Duration) -> Result<Bytes, VideoError> {
        let at = format!("{}ms", at.as_millis());
        let side = POSTER_SIDE;
        let scale = format!(
            "scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease"
        );
        let mut words = guarded(&["-nostdin", "-max_alloc", ALLOCATION_BYTES_MAX]);
        words.extend(["-threads", "1", "-filter_threads", "1"].map(Into::into));
        words.extend(["-max_pixels", FRAME_PIXELS_MAX, "-ss", &at, "-i"].map(Into::into));
        words.push(url(file));
        words.extend(["-map", "0:V:0", "-frames:v", "1", "-vf", &scale].map(Into::into));
        words.extend(["-map_metadata", "-1", "-threads", "1"].map(Into::into));
        words.extend(["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "3"].map(Into::into));
        words.extend(["-f", "image2pipe", "pipe:1"].map(Into::into));
        let frame = run(&self.ffmpeg, &words, POSTER_BYTES_MAX, self.times.poster).await?;
        if frame.is_empty() {
            Err(VideoError::Unreadable)
        } else {
            Ok(frame.into())
        }
    }
}

/// What both programs are told before anything else.
fn guarded(more: &[&str]) -> Vec<OsString> {
    let words = [
        "-v",
        "error",
        "-protocol_whitelist",
        "file,pipe",
        "-format_whitelist",
    ];
    words
        .iter()
        .chain(&[CONTAINERS])
        .chain(more)
        .map(Into::into)
        .collect()
}

/// The prefix keeps a path from being read as another protocol or an option.
fn url(file: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(file);
    url
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// What `program` writes, up to `bytes_max`. It ends when this future does, whichever way.
async fn run(
    program: &Path,
    words: &[OsString],
    bytes_max: u64,
    limit: Duration,
) -> Result<Vec<u8>, VideoError> {
    let fault = |source| {
        let name = program.file_name().unwrap_or(OsStr::new("?"));
        VideoError::Program {
            program: name.to_string_lossy().into_owned(),
            source,
        }
    };
    let mut command = Command::new(program);
    command.args(words).env_clear().kill_on_drop(true);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let running = async {
        let mut child = command.spawn().map_err(fault)?;
        let mut said = Vec::new();
        if let Some(output) = child.stdout.take() {
            let mut output = output.take(bytes_max + 1);
            output.read_to_end(&mut said).await.map_err(fault)?;
        }
        if said.len() as u64 > bytes_max {
            return Err(VideoError::TooMuch);
        }
        let status = child.wait().await.map_err(fault)?;
        if status.success() {
            Ok(said)
        } else {
            Err(VideoError::Unreadable)
        }
    };
    timeout(limit, running)
        .await
        .unwrap_or(Err(VideoError::TooMuch))
}

#[cfg(test)]
mod tests;
