//! A zip is what the system's `unzip` makes of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use chrono::TimeZone as _;
use futures::{TryStreamExt as _, stream};

use super::*;

fn at() -> Instant {
    chrono::Utc
        .with_ymd_and_hms(2026, 3, 9, 14, 30, 58)
        .single()
        .expect("an instant")
}

fn entry(path: &str, body: &[u8]) -> ZipEntry<Body<'static>> {
    let chunks: Vec<_> = body
        .chunks(1000)
        .map(Bytes::copy_from_slice)
        .map(Ok)
        .collect();
    ZipEntry {
        path: path.to_owned(),
        size_bytes: body.len() as u64,
        changed_at: at(),
        body: stream::iter(chunks).boxed(),
    }
}

async fn bytes_of(
    entries: Vec<ZipEntry<Body<'static>>>,
    zip64_from: u64,
) -> Result<Vec<u8>, ZipError> {
    let entries = stream::iter(entries.into_iter().map(Ok)).boxed();
    let chunks: Vec<Bytes> = stream_of(entries, zip64_from).try_collect().await?;
    Ok(chunks.concat())
}

/// Unpacks with Info-ZIP, which also compares the sums; path → bytes.
fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("it.zip");
    std::fs::write(&file, zip).expect("a file");
    let out = folder.path().join("out");
    let mut unzip = Command::new("unzip");
    unzip
        .env("LC_ALL", "C.UTF-8")
        .arg("-q")
        .arg(&file)
        .arg("-d")
        .arg(&out);
    let done = unzip.output().expect("unzip is installed");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(
        done.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let mut found = BTreeMap::new();
    collect(&out, &out, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for item in std::fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path
                .strip_prefix(root)
                .expect("below")
                .to_string_lossy()
                .into_owned();
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

// covers: MSG-09
#[tokio::test]
async fn a_folder_is_unpacked_with_its_names_and_bytes_zip64_or_not() {
    let long: Vec<u8> = (0..70_000_u32).flat_map(u32::to_le_bytes).collect();
    let files: [(&str, &[u8]); 4] = [
        ("合同/2026/第一季度.pdf", b"%PDF"),
        ("合同/空.txt", b""),
        ("Fotos/Größe 😀.jpg", &long),
        ("readme", b"read me"),
    ];
    for zip64_from in [format::ZIP64_FROM, 100, 0] {
        let entries = files.iter().map(|(path, body)| entry(path, body)).collect();
        let found = unpacked(&bytes_of(entries, zip64_from).await.expect("a zip"));
        let expected = files
            .iter()
            .map(|(path, body)| ((*path).to_owned(), body.to_vec()));
        assert_eq!(found, expected.collect(), "zip64 from {zip64_from}");
    }
}

// covers: MSG-09
#[tokio::test]
async fn an_empty_folder_is_an_empty_zip() {
    let zip = bytes_of(Vec::new(), format::ZIP64_FROM)
        .await
        .expect("a zip");
    assert_eq!((zip.len(), &zip[..4]), (22, &b"PK\x05\x06"[..]));
}

// covers: MSG-09
#[tokio::test]
async fn nothing_is_unpacked_outside_its_folder_or_over_another_file() {
    let paths = [
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\etc\\passwd",
        "etc/passwd",
        "ETC/Passwd",
    ];
    let entries = paths
        .iter()
        .map(|path| entry(path, path.as_bytes()))
        .collect();
    let found = unpacked(&bytes_of(entries, format::ZIP64_FROM).await.expect("a zip"));
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    let expected = [
        "C_/etc/passwd",
        "ETC/Passwd (4)",
        "etc/passwd",
        "etc/passwd (2)",
        "etc/passwd (3)",
    ];
    assert_eq!(names, expected);
    assert_eq!(found["etc/passwd (3)"], b"etc/passwd");
}

// covers: MSG-09
#[test]
fn names_are_safe_and_unique() {
    let mut names = SafeNames::default();
    for (path, expected) in [
        ("a.txt", "a.txt"),
        ("a.txt", "a (2).txt"),
        ("A.TXT", "A (3).TXT"),
        ("", "file"),
        ("..", "file (2)"),
        ("a/./b//../c", "a/b/c"),
        ("a/b", "a/b (2)"),
        ("a/b/c/d", "a/b/c_/d"),
        ("line\nbreak\0.txt", "linebreak.txt"),
        ("exe\u{202e}fdp.txt", "exefdp.txt"),
        ("what? <1>: \"x\"|*", "what_ _1__ _x___"),
        ("nul.txt", "_nul.txt"),
        (".profile", ".profile"),
        (".profile", ".profile (2)"),
        ("dots...", "dots"),
    ] {
        assert_eq!(names.claim(path), expected, "{path:?}");
    }
    let long = names.claim(&format!("{}.docx", "长".repeat(500)));
    assert!(long.len() <= 200 && long.ends_with("长.docx"), "{long}");
    let deep = names.claim(&"d/".repeat(5000));
    assert!(deep.split('/').count() <= 32);
}

// covers: MSG-09
#[tokio::test]
async fn a_zip_whose_file_breaks_or_has_another_size_ends_with_an_error() {
    let broken = stream::iter([Ok(Bytes::from_static(b"12")), Err("storage is away")]).boxed();
    let entry = |body, size_bytes| ZipEntry {
        path: "a".to_owned(),
        size_bytes,
        changed_at: at(),
        body,
    };
    let whole = zip(stream::iter([Ok(entry(broken, 4))]))
        .try_collect::<Vec<_>>()
        .await;
    assert!(
        whole
            .expect_err("an error")
            .to_string()
            .contains("storage is away")
    );
    for said in [1, 3] {
        let body = stream::iter([Ok::<_, &str>(Bytes::from_static(b"12"))]).boxed();
        let whole = zip(stream::iter([Ok(entry(body, said))]))
            .try_collect::<Vec<_>>()
            .await;
        assert!(matches!(whole, Err(ZipError::SizeMismatch { .. })));
    }
}

// covers: MSG-09
#[tokio::test]
async fn the_next_file_is_opened_only_when_the_one_before_was_read() {
    let opened = std::sync::atomic::AtomicUsize::new(0);
    let entries = stream::iter(0..3).map(|number: usize| {
        opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"x"))]);
        Ok(ZipEntry {
            path: number.to_string(),
            size_bytes: 1,
            changed_at: at(),
            body,
        })
    });
    let mut zip = std::pin::pin!(zip(entries));
    for expected in [1, 1, 1, 2, 2, 2, 3] {
        zip.try_next().await.expect("a chunk").expect("more");
        assert_eq!(opened.load(std::sync::atomic::Ordering::Relaxed), expected);
    }
}
