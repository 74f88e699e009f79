//! What one pass finds out, with objects that arrive in pieces of any size.

use futures::stream;

use super::super::antivirus::tests::{clamd, eicar};
use super::*;

type Piece = Result<Bytes, std::io::Error>;

fn pieces(bytes: &[u8], length: usize) -> impl Stream<Item = Piece> + Send + use<> {
    let pieces: Vec<_> = bytes
        .chunks(length)
        .map(Bytes::copy_from_slice)
        .map(Ok)
        .collect();
    stream::iter(pieces)
}

fn input(bytes: &[u8]) -> MediaInput<'static> {
    MediaInput {
        size_bytes: bytes.len() as u64,
        antivirus: None,
        spool: None,
    }
}

// covers: MSG-08
#[tokio::test]
async fn a_file_is_known_by_its_bytes_however_they_arrive() {
    let text = "季度报告 ".repeat(5000);
    let expected = <[u8; 32]>::from(Sha256::digest(text.as_bytes()));
    for length in [1, 4095, 4096, 1 << 20] {
        let bytes = text.as_bytes();
        let report = check(pieces(bytes, length), &input(bytes))
            .await
            .expect("a report");
        assert_eq!(report.sha256, expected);
        assert_eq!(report.size_bytes, bytes.len() as u64);
        assert_eq!(report.sniffed.content_type, "text/plain");
        assert_eq!(
            (report.scan, report.picture, report.spooled),
            (None, None, false)
        );
    }
}

// covers: MSG-07
#[tokio::test]
async fn a_picture_s_bytes_are_kept_and_a_too_large_one_is_refused_by_its_head() {
    let picture = [&b"\x89PNG\r\n\x1a\n"[..], &[7; 9000]].concat();
    let report = check(pieces(&picture, 1000), &input(&picture))
        .await
        .expect("a report");
    assert_eq!(report.picture.as_deref(), Some(&picture[..]));
    let said = MediaInput {
        size_bytes: PICTURE_BYTES_MAX + 1,
        ..input(&picture)
    };
    let error = check(pieces(&picture, 5000), &said)
        .await
        .expect_err("a refusal");
    assert!(
        matches!(error, MediaError::PictureTooLarge { .. }),
        "{error}"
    );
    assert!(!error.may_be_tried_again());
}

// covers: MSG-36
#[tokio::test]
async fn a_video_is_written_to_the_file_that_the_caller_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("video");
    let video = [&b"\0\0\0\x18ftypisom\0\0\0\0isomavc1"[..], &[3; 100_000]].concat();
    let spool = MediaInput {
        spool: Some(&path),
        ..input(&video)
    };
    let report = check(pieces(&video, 3000), &spool).await.expect("a report");
    assert!(report.spooled && report.picture.is_none());
    assert_eq!(std::fs::read(&path).expect("the file"), video);
    let text = b"no video";
    let other = folder.path().join("other");
    let spool = MediaInput {
        spool: Some(&other),
        ..input(text)
    };
    assert!(
        !check(pieces(text, 3), &spool)
            .await
            .expect("a report")
            .spooled
    );
    assert!(!other.exists());
}

// covers: MSG-08
#[tokio::test]
async fn an_object_of_another_size_than_said_is_refused() {
    for said in [9, 11] {
        let said = MediaInput {
            size_bytes: said,
            ..input(b"")
        };
        let error = check(pieces(b"ten bytes.", 4), &said)
            .await
            .expect_err("a refusal");
        assert!(matches!(error, MediaError::SizeMismatch { .. }), "{error}");
        assert!(!error.may_be_tried_again());
    }
}

#[tokio::test]
async fn an_object_whose_reading_breaks_is_to_be_tried_again() {
    let broken = Err(std::io::Error::other("storage is away"));
    let object = stream::iter([Ok(Bytes::from_static(b"begin")), broken]);
    let error = check(object, &input(&[0; 10])).await.expect_err("an error");
    assert!(error.may_be_tried_again() && error.to_string().contains("storage is away"));
}

// covers: MSG-08
#[tokio::test]
async fn a_virus_is_named_in_the_report_and_a_clean_file_is_clean() {
    let Some(clamd) = clamd() else { return };
    let eicar = eicar();
    for (bytes, clean) in [(eicar.as_bytes(), false), (b"a letter".as_slice(), true)] {
        let scanned = MediaInput {
            antivirus: Some(&clamd),
            ..input(bytes)
        };
        let report = check(pieces(bytes, 7), &scanned).await.expect("a report");
        assert_eq!(report.scan == Some(Scan::Clean), clean, "{:?}", report.scan);
        assert_eq!(matches!(report.scan, Some(Scan::Infected { .. })), !clean);
    }
}
