//! What looks at files: the antivirus answers, ffmpeg is there.

use std::time::Duration;

use tenancy_files::{
    FilesConfig,
    media::{
        antivirus::{Antivirus, AntivirusTimes},
        video::{VideoTimes, VideoTools},
    },
};

use super::{ANSWER_MS_MAX, Check};

const ANTIVIRUS: &str = "files.antivirus";
const VIDEO: &str = "files.video";

pub(super) async fn check(config: &FilesConfig) -> Vec<Check> {
    vec![antivirus(config).await, video(config)]
}

async fn antivirus(config: &FilesConfig) -> Check {
    let Some(address) = config.clamd.as_deref().filter(|text| !text.is_empty()) else {
        let remedy = "set files.clamd (HANSA_FILES_CLAMD) to the address of a clamd";
        return Check::warn(ANTIVIRUS, "none is set: files are kept unscanned", remedy);
    };
    let address = match address.parse() {
        Ok(address) => address,
        Err(error) => {
            let remedy = "set files.clamd (HANSA_FILES_CLAMD), such as 127.0.0.1:3310";
            return Check::fail(ANTIVIRUS, format!("{error}"), remedy);
        }
    };
    let wait = Duration::from_millis(ANSWER_MS_MAX);
    let times = AntivirusTimes {
        step: wait,
        verdict: wait,
    };
    match Antivirus::new(address, times).version().await {
        Ok(version) => Check::ok(ANTIVIRUS, version),
        Err(error) => {
            let remedy = "start clamd: until it answers no file that is uploaded can be used";
            Check::fail(ANTIVIRUS, error.to_string(), remedy)
        }
    }
}

fn video(config: &FilesConfig) -> Check {
    if VideoTools::find(config.ffmpeg.as_deref(), VideoTimes::default()).is_some() {
        return Check::ok(VIDEO, "videos get a poster");
    }
    let wanted = config
        .ffmpeg
        .as_deref()
        .filter(|path| !path.as_os_str().is_empty());
    let remedy = "install ffmpeg, or set files.ffmpeg (HANSA_FILES_FFMPEG) to it";
    match (wanted, &config.ffmpeg) {
        (Some(path), _) => Check::fail(VIDEO, format!("{} is no program", path.display()), remedy),
        (None, Some(_)) => Check::ok(VIDEO, "not wanted: videos get an icon"),
        (None, None) => Check::warn(VIDEO, "there is no ffmpeg: videos get an icon", remedy),
    }
}
