//! The store over the service in this process, behind the SDK and by signed addresses as a browser
//! uses them. (The same store over an S3 that nobody here wrote is a test of the whole system.)

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use kernel::{ManualClock, SystemRng};

use super::store::PART_BYTES;
use super::*;

const PUBLIC_URL: &str = "http://chat.test:8080";
const HOUR: Duration = Duration::from_secs(3600);
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

async fn open(folder: &Path) -> (LocalS3, BlobStore) {
    let local = LocalS3::open(
        folder,
        Arc::new(ManualClock::default()),
        Arc::new(SystemRng),
    )
    .await
    .unwrap();
    let store = BlobStore::local(&local, PUBLIC_URL);
    (local, store)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = |path: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    };
    entries(&folder.join("files"))
        .iter()
        .flat_map(|sub| entries(sub))
        .collect()
}

/// What a browser does with a signed address.
async fn visit(
    local: &LocalS3,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &'static [u8],
) -> (u16, Vec<(String, String)>, Bytes) {
    let target = url.strip_prefix(PUBLIC_URL).unwrap_or(url).to_owned();
    let mut all = vec![("host".to_owned(), b"chat.test:8080".to_vec())];
    all.extend(
        headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())),
    );
    let body = stream::iter([Ok::<_, Infallible>(Bytes::from_static(body))]);
    let request = BlobRequest {
        method: method.to_owned(),
        target,
        headers: all,
        body,
    };
    let mut answer = local.handle(request).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.body.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    let text = |value: Vec<u8>| String::from_utf8(value).unwrap();
    let headers = answer
        .headers
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect();
    (answer.status, headers, bytes.into())
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    headers
        .iter()
        .find(|(n, _)| n == name)
        .map_or("", |(_, value)| value)
}

#[tokio::test]
async fn objects_are_stored_found_listed_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open(dir.path()).await;
    store.check().await.unwrap();
    for key in ["t1/b", "t1/a", "t1/a/deeper", "t10/c", "t2/d"] {
        store
            .put(key, "text/plain", Bytes::from(key))
            .await
            .unwrap();
    }
    assert_eq!(&store.get_bytes("t1/a", 100).await.unwrap()[..], b"t1/a");
    assert!(matches!(
        store.get_bytes("t1/a", 3).await,
        Err(BlobError::Limit(_))
    ));
    let info = store.head("t1/a/deeper").await.unwrap();
    assert_eq!(
        (info.size_bytes, info.content_type.as_str()),
        (11, "text/plain")
    );
    let keys = |page: BlobPage| {
        page.blobs
            .into_iter()
            .map(|blob| blob.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(store.list("t1/", None, 100).await.unwrap()),
        ["t1/a", "t1/a/deeper", "t1/b"]
    );
    assert_eq!(
        keys(store.list("", Some("t1/b"), 100).await.unwrap()),
        ["t10/c", "t2/d"]
    );
    store
        .put("t1/a", "text/plain", Bytes::from_static(b"newer"))
        .await
        .unwrap();
    assert_eq!(&store.get_bytes("t1/a", 100).await.unwrap()[..], b"newer");
    assert_eq!(files(dir.path()).len(), 5, "the replaced file is gone");
    for key in ["t1/a", "t1/a", "never"] {
        store.delete(key).await.unwrap();
    }
    assert!(matches!(store.get("t1/a").await, Err(BlobError::NotFound)));
    assert!(matches!(store.head("t1/a").await, Err(BlobError::NotFound)));
    assert_eq!(files(dir.path()).len(), 4);
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open(dir.path()).await;
    for n in 0..5 {
        store
            .put(&format!("k/{n}"), "", Bytes::new())
            .await
            .unwrap();
    }
    let first = store.list("k/", None, 3).await.unwrap();
    assert_eq!(
        (first.blobs.len(), first.next_after.as_deref()),
        (3, Some("k/2"))
    );
    let second = store
        .list("k/", first.next_after.as_deref(), 3)
        .await
        .unwrap();
    assert_eq!((second.blobs.len(), second.next_after), (2, None));
    let exact = store.list("k/", None, 5).await.unwrap();
    assert_eq!((exact.blobs.len(), exact.next_after), (5, None));
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart_and_leftovers_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open(dir.path()).await;
    store
        .put("kept", "text/plain", Bytes::from_static(b"kept"))
        .await
        .unwrap();
    let broken = stream::iter([
        Ok(Bytes::from(vec![1; 2 * PART_BYTES])),
        Err(std::io::Error::other("the sender stopped")),
    ]);
    let refused = store
        .put_stream("broken", "text/plain", u64::MAX, broken)
        .await
        .unwrap_err();
    assert!(matches!(refused, BlobError::Body(_)), "{refused}");
    assert_eq!(
        files(dir.path()).len(),
        1,
        "nothing is left of a failed upload"
    );
    let (_, store) = open(dir.path()).await;
    assert_eq!(&store.get_bytes("kept", 10).await.unwrap()[..], b"kept");
    assert!(matches!(
        store.get("broken").await,
        Err(BlobError::NotFound)
    ));
}

#[tokio::test]
async fn a_stream_of_any_length_arrives_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open(dir.path()).await;
    for size in [
        0,
        5,
        PART_BYTES,
        PART_BYTES + 1,
        2 * PART_BYTES,
        2 * PART_BYTES + 77,
    ] {
        let whole: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
        let chunks: Vec<_> = whole
            .chunks(65_521)
            .map(|c| Ok::<_, Infallible>(Bytes::copy_from_slice(c)))
            .collect();
        let limit = size as u64;
        let put = store.put_stream("big", "x/y", limit, stream::iter(chunks.clone()));
        assert_eq!(put.await.unwrap(), limit);
        assert!(
            store.get_bytes("big", limit).await.unwrap() == whole,
            "{size} bytes"
        );
        if size > 0 {
            let put = store
                .put_stream("big", "x/y", limit - 1, stream::iter(chunks))
                .await;
            assert!(
                matches!(put, Err(BlobError::Limit(_))),
                "{size} bytes are one too many"
            );
        }
        assert_eq!(files(dir.path()).len(), 1, "parts are gone");
    }
    assert_eq!(store.head("big").await.unwrap().content_type, "x/y");
}

#[tokio::test]
async fn keys_that_leave_their_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open(dir.path()).await;
    let long = "k".repeat(KEY_BYTES_MAX + 1);
    let bad = [
        "", "..", "a/../b", "../a", "a/..", "/a", "a//b", "a/", "./a", "a b", "a%2f", "ä",
    ];
    for key in bad.into_iter().chain([long.as_str()]) {
        let refused = store.put(key, "", Bytes::new()).await.unwrap_err();
        assert!(matches!(refused, BlobError::Key), "{key}");
        assert!(matches!(store.get(key).await, Err(BlobError::Key)), "{key}");
        let signed = store.presign_put(key, "", 0, HOUR).await;
        assert!(matches!(signed, Err(BlobError::Key)), "{key}");
    }
    assert!(files(dir.path()).is_empty());
}

#[tokio::test]
async fn only_a_signed_address_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open(dir.path()).await;
    store
        .put("a/b", "text/plain", Bytes::from_static(b"hello"))
        .await
        .unwrap();
    let url = store
        .presign_get("a/b", Disposition::Attachment, "b.txt", HOUR)
        .await
        .unwrap();
    assert!(url.starts_with("http://chat.test:8080/blobs/a/b?"), "{url}");
    let (status, headers, body) = visit(&local, "GET", &url, &[], b"").await;
    assert_eq!((status, &body[..]), (200, &b"hello"[..]));
    assert_eq!(
        header(&headers, "content-disposition"),
        "attachment; filename*=UTF-8''b.txt"
    );
    let (status, headers, body) = visit(&local, "GET", &url, &[("range", "bytes=1-3")], b"").await;
    assert_eq!((status, &body[..]), (206, &b"ell"[..]));
    assert_eq!(header(&headers, "content-range"), "bytes 1-3/5");
    let forged = [
        "/blobs/a/b".to_owned(),
        url.replace("/a/b", "/a/c"),
        url.replace("b.txt", "b.html"),
        url.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
        format!("{url}&response-content-type=text%2Fhtml"),
    ];
    for url in forged {
        let (status, headers, _) = visit(&local, "GET", &url, &[], b"").await;
        assert_eq!(status, 403, "{url}");
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    }
    assert_eq!(
        visit(&local, "PUT", &url, &[("content-length", "1")], b"x")
            .await
            .0,
        403
    );
    for wrong in [Duration::ZERO, Duration::from_secs(PRESIGN_FOR_S_MAX + 1)] {
        let refused = store
            .presign_get("a", Disposition::Inline, "a", wrong)
            .await;
        assert!(matches!(refused, Err(BlobError::Limit(_))));
    }
}

#[tokio::test]
async fn what_a_stranger_put_does_not_run_in_our_origin() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open(dir.path()).await;
    store
        .put("page", "image/png", Bytes::from_static(b"<script>"))
        .await
        .unwrap();
    store
        .put("picture", "text/html", Bytes::from_static(PNG))
        .await
        .unwrap();
    let name = "恶意\".html\r\n";
    for (key, shown, kind) in [
        ("page", "attachment", "image/png"),
        ("picture", "inline", "image/png"),
    ] {
        let url = store
            .presign_get(key, Disposition::Inline, name, HOUR)
            .await
            .unwrap();
        let (status, headers, _) = visit(&local, "GET", &url, &[], b"").await;
        assert_eq!(status, 200);
        let disposition = header(&headers, "content-disposition");
        assert!(
            disposition.starts_with(&format!("{shown}; filename*=UTF-8''%E6")),
            "{disposition}"
        );
        assert_eq!(
            header(&headers, "content-type"),
            kind,
            "a picture is what its bytes say"
        );
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
        assert!(header(&headers, "content-security-policy").starts_with("sandbox"));
    }
}

#[tokio::test]
async fn a_signed_put_takes_exactly_what_was_signed() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open(dir.path()).await;
    let url = store
        .presign_put("up", "image/png", PNG.len() as u64, HOUR)
        .await
        .unwrap();
    let length = PNG.len().to_string();
    let wrong = [
        [
            ("content-type", "text/html"),
            ("content-length", length.as_str()),
        ],
        [("content-type", "image/png"), ("content-length", "3")],
    ];
    for headers in wrong {
        assert_eq!(
            visit(&local, "PUT", &url, &headers, PNG).await.0,
            403,
            "{headers:?}"
        );
    }
    let right = [
        ("content-type", "image/png"),
        ("content-length", length.as_str()),
    ];
    assert_eq!(
        visit(&local, "PUT", &url, &right, &PNG[..5]).await.0,
        400,
        "too short a body"
    );
    assert!(matches!(store.head("up").await, Err(BlobError::NotFound)));
    assert!(files(dir.path()).is_empty());
    assert_eq!(visit(&local, "PUT", &url, &right, PNG).await.0, 200);
    assert_eq!(store.head("up").await.unwrap().size_bytes, PNG.len() as u64);
}

#[tokio::test]
async fn a_remote_store_names_what_is_missing_or_away() {
    let missing = BlobStore::remote(&S3Config::default()).err().unwrap();
    assert!(missing.to_string().contains("s3.endpoint"), "{missing}");
    let config = S3Config {
        endpoint: Some("http://127.0.0.1:1".to_owned()),
        ..<_>::default()
    };
    let missing = BlobStore::remote(&config).err().unwrap();
    assert!(missing.to_string().contains("access_key"), "{missing}");
    let config = S3Config {
        access_key: "key".to_owned(),
        secret_key: "hunter2".into(),
        public_endpoint: Some("https://files.test".to_owned()),
        ..config
    };
    let store = BlobStore::remote(&config).unwrap();
    let away = store.check().await.unwrap_err();
    assert!(matches!(away, BlobError::Service(_)), "{away}");
    assert!(!format!("{away} {away:?}").contains("hunter2"));
    let url = store
        .presign_get("a", Disposition::Inline, "a", HOUR)
        .await
        .unwrap();
    assert!(url.starts_with("https://files.test/hansa/a?"), "{url}");
}
