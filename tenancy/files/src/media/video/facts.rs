//! What ffprobe tells, as JSON.

use serde::Deserialize;

/// What ffprobe is asked for.
pub(super) const ENTRIES: &str = "format=duration:stream=codec_type,width,height:\
     stream_side_data=rotation:stream_disposition=attached_pic";
/// A longer video is none; the container lies.
const DURATION_MS_MAX: f64 = 1e12;

/// Of a video or of sound; what is not known is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VideoFacts {
    /// From beginning to end.
    pub duration_ms: Option<u64>,
    /// Pixels, as it is shown; `None` for sound.
    pub width: Option<u32>,
    /// Pixels, as it is shown; `None` for sound.
    pub height: Option<u32>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    #[serde(default)]
    side_data_list: Vec<SideData>,
    disposition: Option<Disposition>,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

#[derive(Deserialize)]
struct Disposition {
    attached_pic: Option<u8>,
}

impl Stream {
    /// A cover of a song is no video.
    fn is_video(&self) -> bool {
        let cover = self
            .disposition
            .as_ref()
            .is_some_and(|it| it.attached_pic == Some(1));
        self.codec_type.as_deref() == Some("video") && !cover
    }

    fn lies_on_its_side(&self) -> bool {
        let mut rotations = self.side_data_list.iter().filter_map(|it| it.rotation);
        rotations.any(|degrees| (degrees.abs() % 180.0 - 90.0).abs() < 1.0)
    }
}

pub(super) fn parse(said: &[u8]) -> Option<VideoFacts> {
    let told: Told = serde_json::from_slice(said).ok()?;
    let duration = told
        .format
        .and_then(|format| format.duration?.parse::<f64>().ok());
    let duration_ms = duration.map(|seconds| (seconds * 1000.0).round());
    let video = told.streams.iter().find(|stream| stream.is_video());
    let (width, height) = video.map_or((None, None), |stream| match stream.lies_on_its_side() {
        true => (stream.height, stream.width),
        false => (stream.width, stream.height),
    });
    Some(VideoFacts {
        duration_ms: duration_ms
            .filter(|ms| (0.0..DURATION_MS_MAX).contains(ms))
            .map(|ms| ms as u64),
        width: width.filter(|side| *side > 0),
        height: height.filter(|side| *side > 0),
    })
}
