//! What the service in this process does beyond S3: nothing is left over on its disk, and what a
//! stranger put does not run in our origin.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::stream;

use super::space::{HOUR, PUBLIC_URL, open_local, visit_local};
use crate::s3::store::PART_BYTES;
use crate::s3::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

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

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart_and_leftovers_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open_local(dir.path()).await;
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
    let (_, store) = open_local(dir.path()).await;
    assert_eq!(&store.get_bytes("kept", 10).await.unwrap()[..], b"kept");
    assert!(matches!(
        store.get("broken").await,
        Err(BlobError::NotFound)
    ));
}

#[tokio::test]
async fn files_that_were_replaced_removed_or_joined_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let (_, store) = open_local(dir.path()).await;
    let put = |body| store.put("a", "", Bytes::from_static(body));
    put(b"older").await.unwrap();
    put(b"newer").await.unwrap();
    assert_eq!(files(dir.path()).len(), 1, "the replaced file is gone");
    let long = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![
        1;
        2 * PART_BYTES + 1
    ]))]);
    store.put_stream("b", "", u64::MAX, long).await.unwrap();
    assert_eq!(files(dir.path()).len(), 2, "parts are gone");
    store.delete("b").await.unwrap();
    assert_eq!(files(dir.path()).len(), 1);
}

#[tokio::test]
async fn what_a_stranger_put_does_not_run_in_our_origin() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open_local(dir.path()).await;
    for (key, kind, body) in [
        ("page", "image/png", &b"<script>"[..]),
        ("picture", "text/html", PNG),
    ] {
        let put = store.put(key, kind, Bytes::from_static(body));
        put.await.unwrap();
    }
    let name = "恶意\".html\r\n";
    for (key, shown) in [("page", "attachment"), ("picture", "inline")] {
        let url = store.presign_get(key, Disposition::Inline, name, HOUR);
        let seen = visit_local(&local, "GET", &url.await.unwrap(), &[], b"").await;
        assert_eq!(seen.status, 200);
        let disposition = seen.header("content-disposition");
        assert!(
            disposition.starts_with(&format!("{shown}; filename*=UTF-8''%E6")),
            "{disposition}"
        );
        let kind = seen.header("content-type");
        assert_eq!(kind, "image/png", "a picture is what its bytes say");
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        assert!(
            seen.header("content-security-policy")
                .starts_with("sandbox")
        );
    }
    let refused = visit_local(&local, "GET", "/blobs/page", &[], b"").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_signed_put_that_ends_early_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open_local(dir.path()).await;
    let put = store.presign_put("up", "image/png", 5, HOUR).await.unwrap();
    let headers = [("content-type", "image/png"), ("content-length", "5")];
    let short = visit_local(&local, "PUT", &put.url, &headers, b"123").await;
    assert_eq!(short.status, 400);
    assert!(matches!(store.head("up").await, Err(BlobError::NotFound)));
    assert!(files(dir.path()).is_empty());
}

#[tokio::test]
async fn a_command_beside_the_server_leaves_its_uploads_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (local, store) = open_local(dir.path()).await;
    let put = store.presign_put("up", "", 10, HOUR).await.unwrap();
    let (send, receive) = tokio::sync::mpsc::channel::<&'static [u8]>(1);
    let body = stream::unfold(receive, |mut receive| async {
        let part = receive.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from_static(part)), receive))
    });
    let headers = [("host", "chat.test:8080"), ("content-length", "10")];
    let told = [("content-type", "")];
    let request = BlobRequest {
        method: "PUT".to_owned(),
        target: put.url.strip_prefix(PUBLIC_URL).unwrap().to_owned(),
        headers: [&headers[..], &told]
            .concat()
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body,
    };
    let upload = tokio::spawn(async move { local.handle(request).await.unwrap().status });
    send.send(b"01234").await.unwrap();
    // Taken once the service reads the body, and its file was begun before that.
    send.send(b"56789").await.unwrap();
    let beside = open_local(dir.path()).await;
    drop((send, beside));
    assert_eq!(upload.await.unwrap(), 200);
    assert_eq!(&store.get_bytes("up", 10).await.unwrap()[..], b"0123456789");
}
