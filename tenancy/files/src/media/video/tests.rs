//! With the ffmpeg of this machine, which `make test` installs, and videos that it makes.

use std::process::Command;

use tempfile::TempDir;

use super::super::picture::{PictureLimits, Pictures, THUMBNAIL_SIDE};
use super::*;

fn tools() -> VideoTools {
    VideoTools::find(None, VideoTimes::default()).expect("ffmpeg is installed")
}

/// A file that ffmpeg makes of the words.
fn made(folder: &TempDir, name: &str, words: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    let mut ffmpeg = Command::new("ffmpeg");
    let done = ffmpeg
        .args(["-v", "error", "-nostdin"])
        .args(words)
        .arg(&path)
        .output();
    let done = done.expect("ffmpeg is installed");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    path
}

fn video(folder: &TempDir, name: &str, source: &str) -> PathBuf {
    let place = "location=+48.2082+016.3738/";
    made(
        folder,
        name,
        &[
            "-f",
            "lavfi",
            "-i",
            source,
            "-metadata",
            place,
            "-c:v",
            "mpeg4",
        ],
    )
}

// covers: MSG-36
#[tokio::test]
async fn a_video_has_a_poster_a_size_and_a_duration() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = video(
        &folder,
        "wide.mp4",
        "testsrc=size=1600x900:rate=5:duration=4",
    );
    let facts = tools().facts(&file).await.expect("facts");
    let expected = VideoFacts {
        duration_ms: Some(4000),
        width: Some(1600),
        height: Some(900),
    };
    assert_eq!(facts, expected);
    let poster = tools().poster(&file, &facts).await.expect("a poster");
    let prepared = Pictures::new(PictureLimits::default())
        .prepare(poster)
        .await;
    let prepared = prepared.expect("a picture");
    let picture = &prepared.picture;
    assert_eq!(
        (picture.content_type, picture.width, picture.height),
        ("image/jpeg", 1280, 720)
    );
    assert_eq!(prepared.thumbnail.width, THUMBNAIL_SIDE);
    assert!(!prepared.blur.is_empty());
}

// covers: MSG-36
#[tokio::test]
async fn the_poster_is_not_the_black_beginning_and_a_short_video_has_one_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "color=black:size=64x64:rate=10:duration=0.5[a];\
                  color=white:size=64x64:rate=10:duration=3[b];[a][b]concat";
    let late = made(
        &folder,
        "late.mp4",
        &["-filter_complex", source, "-c:v", "mpeg4"],
    );
    let facts = tools().facts(&late).await.expect("facts");
    let poster = tools().poster(&late, &facts).await.expect("a poster");
    let brightness = image::load_from_memory(&poster)
        .expect("a picture")
        .to_luma8();
    assert!(brightness.pixels().all(|pixel| pixel.0[0] > 200));
    let short = video(
        &folder,
        "short.mp4",
        "testsrc=size=64x64:rate=25:duration=0.2",
    );
    tools()
        .poster(&short, &VideoFacts::default())
        .await
        .expect("a poster");
}

// covers: MSG-36
#[tokio::test]
async fn sound_has_a_duration_and_no_poster() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = made(
        &folder,
        "tone.wav",
        &["-f", "lavfi", "-i", "sine=duration=2"],
    );
    let facts = tools().facts(&file).await.expect("facts");
    assert_eq!(
        facts,
        VideoFacts {
            duration_ms: Some(2000),
            width: None,
            height: None
        }
    );
    let error = tools().poster(&file, &facts).await.expect_err("no poster");
    assert!(matches!(error, VideoError::Unreadable), "{error}");
}

// covers: MSG-36
#[tokio::test]
async fn a_playlist_that_names_other_files_is_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = video(&folder, "real.mp4", "testsrc=size=64x64:rate=5:duration=1");
    let real = file.to_string_lossy();
    for (name, text) in [
        (
            "list.m3u8",
            format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:{real}\n"),
        ),
        (
            "list.ffconcat",
            format!("ffconcat version 1.0\nfile '{real}'\n"),
        ),
        ("page.html", "<html></html>".to_owned()),
        ("broken.mp4", "\0\0\0\x18ftypisom".to_owned()),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let facts = tools().facts(&path).await;
        assert!(
            matches!(facts, Err(VideoError::Unreadable)),
            "{name}: {facts:?}"
        );
        let poster = tools().poster(&path, &VideoFacts::default()).await;
        assert!(matches!(poster, Err(VideoError::Unreadable)), "{name}");
    }
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = video(&folder, "it.mp4", "testsrc=size=64x64:rate=5:duration=1");
    let now = VideoTimes {
        probe: Duration::ZERO,
        poster: Duration::ZERO,
    };
    let hasty = VideoTools::find(None, now).expect("ffmpeg is installed");
    assert!(matches!(hasty.facts(&file).await, Err(VideoError::TooMuch)));
    let poster = hasty.poster(&file, &VideoFacts::default()).await;
    assert!(matches!(poster, Err(VideoError::TooMuch)));
}

#[test]
fn without_a_program_there_are_no_tools() {
    for path in ["", "/nonexistent/ffmpeg"] {
        assert!(VideoTools::find(Some(Path::new(path)), VideoTimes::default()).is_none());
    }
}

#[test]
fn a_video_filmed_upright_is_higher_than_wide() {
    let said = br#"{"streams":[
        {"codec_type":"video","width":600,"height":600,"disposition":{"attached_pic":1}},
        {"codec_type":"video","width":1920,"height":1080,"side_data_list":[{},{"rotation":-90}]}
    ],"format":{"duration":"1e99"}}"#;
    let expected = VideoFacts {
        duration_ms: None,
        width: Some(1080),
        height: Some(1920),
    };
    assert_eq!(facts::parse(said), Some(expected));
}
