//! What the product leans on, whatever S3 stands behind the store.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::{future::join_all, stream};

use super::space::{Column, HOUR, Space, test_both_servers};
use crate::s3::store::PART_BYTES;
use crate::s3::*;

test_both_servers!(
    objects_are_stored_found_listed_and_removed,
    a_missing_object_is_not_found_by_any_verb,
    a_long_list_comes_in_pages,
    a_list_stays_in_its_folder_and_in_order,
    a_stream_of_any_length_arrives_whole,
    a_stream_that_fails_leaves_what_was_there,
    writers_of_one_key_leave_one_whole_object,
    odd_keys_are_kept_apart,
    keys_that_leave_their_folder_are_refused,
    a_signed_address_answers_ranges,
    a_signed_address_names_the_file_it_is_saved_as,
    a_tampered_address_is_refused,
    an_address_ends_with_its_time,
    a_signed_put_takes_exactly_what_was_signed,
    parts_come_by_signed_addresses_and_are_told,
    an_upload_that_ended_is_gone,
    a_body_of_known_length_goes_through_or_leaves_nothing,
    some_bytes_of_an_object_are_read,
);

fn keys(page: &BlobPage) -> Vec<&str> {
    page.blobs.iter().map(|blob| blob.key.as_str()).collect()
}

async fn objects_are_stored_found_listed_and_removed(space: Space) {
    let store = &space.store;
    store.check().await.unwrap();
    for rest in ["t1/b", "t1/a", "t1/a/deeper", "t10/c", "t2/d"] {
        space.put(rest, b"0123456789").await;
    }
    let one = space.key("t1/a");
    assert_eq!(&store.get_bytes(&one, 10).await.unwrap()[..], b"0123456789");
    let refused = store.get_bytes(&one, 9).await;
    assert!(matches!(refused, Err(BlobError::Limit(_))));
    let info = store.head(&space.key("t1/a/deeper")).await.unwrap();
    assert_eq!(
        (info.size_bytes, info.content_type.as_str()),
        (10, "text/plain")
    );
    space.put("t1/a", b"newer").await;
    assert_eq!(&store.get_bytes(&one, 10).await.unwrap()[..], b"newer");
    let blob = store.get(&one).await.unwrap();
    assert_eq!(
        (blob.info.size_bytes, blob.info.content_type.as_str()),
        (5, "text/plain")
    );
    for _ in 0..2 {
        store.delete(&one).await.unwrap();
    }
    assert!(matches!(store.head(&one).await, Err(BlobError::NotFound)));
    let left = store.list(&space.key("t1/"), None, 100).await.unwrap();
    assert_eq!(keys(&left), [space.key("t1/a/deeper"), space.key("t1/b")]);
}

async fn a_missing_object_is_not_found_by_any_verb(space: Space) {
    let (store, key) = (&space.store, space.key("never"));
    assert!(matches!(store.get(&key).await, Err(BlobError::NotFound)));
    assert!(matches!(store.head(&key).await, Err(BlobError::NotFound)));
    let read = store.get_bytes(&key, 10).await;
    assert!(matches!(read, Err(BlobError::NotFound)));
    store.delete(&key).await.unwrap();
    let url = store.presign_get(&key, Disposition::Inline, "a", HOUR);
    let seen = space.visit("GET", &url.await.unwrap(), &[], b"").await;
    assert_eq!(seen.status, 404);
}

async fn a_long_list_comes_in_pages(space: Space) {
    let rests: Vec<_> = (0..7).map(|n| format!("k/{n}")).collect();
    join_all(rests.iter().map(|rest| space.put(rest, b""))).await;
    let (folder, store) = (space.key("k/"), &space.store);
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    let mut sizes = Vec::new();
    loop {
        let page = store.list(&folder, after.as_deref(), 3).await.unwrap();
        sizes.push(page.blobs.len());
        found.extend(page.blobs.into_iter().map(|blob| blob.key));
        after = page.next_after;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
    let all: Vec<_> = rests.iter().map(|rest| space.key(rest)).collect();
    assert_eq!(found, all, "every key once, in order");
    let exact = store.list(&folder, None, 7).await.unwrap();
    assert_eq!((exact.blobs.len(), exact.next_after), (7, None));
}

async fn a_list_stays_in_its_folder_and_in_order(space: Space) {
    for rest in ["t1/b", "t10/c", "t1/a", "t1/B", "t2/d"] {
        space.put(rest, b"x").await;
    }
    let (folder, store) = (space.key("t1/"), &space.store);
    let page = store.list(&folder, None, 100).await.unwrap();
    let wanted = ["t1/B", "t1/a", "t1/b"].map(|rest| space.key(rest));
    assert_eq!(keys(&page), wanted, "by the bytes of the key");
    assert!(page.blobs.iter().all(|blob| blob.size_bytes == 1));
    let after = space.key("t1/a");
    let rest = store.list(&folder, Some(&after), 100).await.unwrap();
    assert_eq!(keys(&rest), [space.key("t1/b")]);
    let gone = space.key("t1/aa");
    let rest = store.list(&folder, Some(&gone), 100).await.unwrap();
    assert_eq!(keys(&rest), [space.key("t1/b")], "after a key that is gone");
    let none = store.list(&space.key("t3/"), None, 100).await.unwrap();
    assert_eq!((none.blobs.len(), none.next_after), (0, None));
}

async fn a_stream_of_any_length_arrives_whole(space: Space) {
    let (key, store) = (space.key("big"), &space.store);
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
        let put = store.put_stream(&key, "x/y", limit, stream::iter(chunks.clone()));
        assert_eq!(put.await.unwrap(), limit);
        let read = store.get_bytes(&key, limit).await.unwrap();
        assert!(read == whole, "{size} bytes");
        if size > 0 {
            let put = store.put_stream(&key, "x/y", limit - 1, stream::iter(chunks));
            let refused = put.await;
            assert!(
                matches!(refused, Err(BlobError::Limit(_))),
                "{size} bytes are one too many"
            );
        }
    }
    assert_eq!(store.head(&key).await.unwrap().content_type, "x/y");
}

async fn a_stream_that_fails_leaves_what_was_there(space: Space) {
    space.put("kept", b"before").await;
    for key in [space.key("kept"), space.key("new")] {
        let broken = stream::iter([
            Ok(Bytes::from(vec![1; 2 * PART_BYTES])),
            Err(std::io::Error::other("the sender stopped")),
        ]);
        let put = space.store.put_stream(&key, "x/y", u64::MAX, broken);
        let refused = put.await.unwrap_err();
        assert!(matches!(refused, BlobError::Body(_)), "{refused}");
    }
    let kept = space.store.get_bytes(&space.key("kept"), 10).await;
    assert_eq!(&kept.unwrap()[..], b"before");
    let page = space.store.list(&space.prefix, None, 10).await.unwrap();
    assert_eq!(keys(&page), [space.key("kept")], "no part is an object");
}

async fn writers_of_one_key_leave_one_whole_object(space: Space) {
    let (key, store) = (space.key("one"), &space.store);
    let bodies: Vec<_> = (0..8_u8).map(|n| Bytes::from(vec![n; 70_000])).collect();
    let puts = bodies.iter().map(|body| store.put(&key, "", body.clone()));
    for put in join_all(puts).await {
        put.unwrap();
    }
    let read = store.get_bytes(&key, 70_000).await.unwrap();
    assert!(
        bodies.contains(&read),
        "the bytes of one writer, all of them"
    );
}

async fn odd_keys_are_kept_apart(space: Space) {
    let segment = "k".repeat(40);
    let deep = [segment.as_str(); 10].join("/");
    let odd = [
        "a", "a/b", "A", ".hidden", "...", "a..b", "-", "_", "a-b_c.d", "x/.../y", &deep,
    ];
    for rest in odd {
        let (key, body) = (space.key(rest), Bytes::from(rest.to_owned()));
        space.store.put(&key, "", body).await.unwrap();
    }
    for rest in odd {
        let key = space.key(rest);
        let read = space.store.get_bytes(&key, 1_000).await.unwrap();
        assert_eq!(&read[..], rest.as_bytes());
        let url = space
            .store
            .presign_get(&key, Disposition::Attachment, "x", HOUR);
        let seen = space.visit("GET", &url.await.unwrap(), &[], b"").await;
        assert_eq!((seen.status, &seen.body[..]), (200, rest.as_bytes()));
    }
    let page = space.store.list(&space.prefix, None, 100).await.unwrap();
    assert_eq!(page.blobs.len(), odd.len());
    space.store.delete(&space.key("a")).await.unwrap();
    space.store.head(&space.key("a/b")).await.unwrap();
    let longest = space.key(&"k".repeat(KEY_BYTES_MAX - space.prefix.len()));
    if space.column == Column::Embedded {
        assert_eq!(longest.len(), KEY_BYTES_MAX);
    }
    let put = space.store.put(&longest, "", Bytes::from_static(b"long"));
    put.await.unwrap();
    space.store.head(&longest).await.unwrap();
}

async fn keys_that_leave_their_folder_are_refused(space: Space) {
    let store = &space.store;
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
    let page = store.list(&space.prefix, None, 10).await.unwrap();
    assert!(page.blobs.is_empty());
}

async fn signed(space: &Space, rest: &str, name: &str) -> String {
    let key = space.key(rest);
    let url = space
        .store
        .presign_get(&key, Disposition::Attachment, name, HOUR);
    url.await.unwrap()
}

async fn a_signed_address_answers_ranges(space: Space) {
    space.put("a", b"hello").await;
    let url = signed(&space, "a", "a.txt").await;
    let whole = space.visit("GET", &url, &[], b"").await;
    assert_eq!((whole.status, &whole.body[..]), (200, &b"hello"[..]));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    for (range, part, told) in [
        ("bytes=1-3", "ell", "bytes 1-3/5"),
        ("bytes=3-", "lo", "bytes 3-4/5"),
        ("bytes=-2", "lo", "bytes 3-4/5"),
        ("bytes=1-99", "ello", "bytes 1-4/5"),
    ] {
        let seen = space.visit("GET", &url, &[("range", range)], b"").await;
        let body = std::str::from_utf8(&seen.body).unwrap();
        assert_eq!((seen.status, body), (206, part), "{range}");
        assert_eq!(seen.header("content-range"), told, "{range}");
    }
    let beyond = [("range", "bytes=5-9")];
    let seen = space.visit("GET", &url, &beyond, b"").await;
    assert_eq!(seen.status, 416);
}

async fn a_signed_address_names_the_file_it_is_saved_as(space: Space) {
    space.put("a", b"hello").await;
    let url = signed(&space, "a", "周报 \"1\".txt\r\n").await;
    let seen = space.visit("GET", &url, &[], b"").await;
    assert_eq!(seen.status, 200);
    assert_eq!(
        seen.header("content-disposition"),
        "attachment; filename*=UTF-8''%E5%91%A8%E6%8A%A5%20%221%22.txt%0D%0A"
    );
    assert_eq!(seen.header("content-type"), "text/plain");
}

async fn a_tampered_address_is_refused(space: Space) {
    space.put("a/b", b"hello").await;
    space.put("a/c", b"other").await;
    let url = signed(&space, "a/b", "b.txt").await;
    assert_eq!(space.visit("GET", &url, &[], b"").await.status, 200);
    let (bare, query) = url.split_once('?').unwrap();
    let (before, signature) = query.split_once("X-Amz-Signature=").unwrap();
    let other = if signature.starts_with('0') { '1' } else { '0' };
    let forged = [
        bare.to_owned(),
        url.replace("/a/b", "/a/c"),
        url.replace("b.txt", "b.html"),
        url.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
        format!("{url}&response-content-type=text%2Fhtml"),
        format!("{bare}?{before}X-Amz-Signature={other}{}", &signature[1..]),
    ];
    for url in forged {
        let seen = space.visit("GET", &url, &[], b"").await;
        assert_eq!(seen.status, 403, "{url}");
        assert_ne!(&seen.body[..], b"hello");
    }
    let length = [("content-length", "1")];
    for method in ["PUT", "DELETE"] {
        let seen = space.visit(method, &url, &length, b"x").await;
        assert_eq!(seen.status, 403, "{method}");
    }
    let whole = space.store.get_bytes(&space.key("a/b"), 10).await;
    assert_eq!(&whole.unwrap()[..], b"hello");
}

async fn an_address_ends_with_its_time(space: Space) {
    space.put("a", b"hello").await;
    let key = space.key("a");
    let short = Duration::from_secs(1);
    let put = space.store.presign_put(&key, "text/plain", 5, short).await;
    let get = space
        .store
        .presign_get(&key, Disposition::Inline, "a", short);
    let (get, put) = (get.await.unwrap(), put.unwrap().url);
    let text = [("content-type", "text/plain"), ("content-length", "5")];
    while space.visit("GET", &get, &[], b"").await.status == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (get, put) = (
        space.visit("GET", &get, &[], b"").await,
        space.visit("PUT", &put, &text, b"HELLO").await,
    );
    // Garage calls an address whose time is over a bad request.
    assert!([400, 403].contains(&get.status), "{}", get.status);
    assert!([400, 403].contains(&put.status), "{}", put.status);
    let good = signed(&space, "a", "a").await;
    let seen = space.visit("GET", &good, &[], b"").await;
    assert_eq!((seen.status, &seen.body[..]), (200, &b"hello"[..]));
    for wrong in [Duration::ZERO, Duration::from_secs(PRESIGN_FOR_S_MAX + 1)] {
        let refused = space.store.presign_put(&key, "", 1, wrong).await;
        assert!(matches!(refused, Err(BlobError::Limit(_))));
    }
}

async fn a_signed_put_takes_exactly_what_was_signed(space: Space) {
    let (key, store) = (space.key("up"), &space.store);
    let signed = store.presign_put(&key, "image/png", 5, HOUR).await.unwrap();
    let told = [("content-length", "5"), ("content-type", "image/png")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(signed.headers, told);
    let put = |kind: &'static str, length: &'static str, body| {
        let headers = [("content-type", kind), ("content-length", length)];
        let (space, url) = (&space, &signed.url);
        async move { space.visit("PUT", url, &headers, body).await.status }
    };
    assert_eq!(put("text/html", "5", b"12345").await, 403);
    assert_eq!(put("image/png", "3", b"123").await, 403);
    assert_eq!(put("image/png", "6", b"123456").await, 403);
    assert!(matches!(store.head(&key).await, Err(BlobError::NotFound)));
    assert_eq!(put("image/png", "5", b"12345").await, 200);
    let info = store.head(&key).await.unwrap();
    assert_eq!(
        (info.size_bytes, info.content_type.as_str()),
        (5, "image/png")
    );
}

async fn parts_come_by_signed_addresses_and_are_told(space: Space) {
    let (key, store) = (space.key("parts"), &space.store);
    let id = store.begin_upload(&key, "x/y").await.unwrap();
    assert_eq!(store.list_parts(&key, &id).await.unwrap(), []);
    let told = store.list_uploads(&space.prefix, 10).await.unwrap();
    assert_eq!((told.len(), &told[0].key, &told[0].id), (1, &key, &id));
    let signed = store.presign_part((&key, &id), 1, 5, HOUR).await.unwrap();
    let put = async |length: &'static str, body: &'static [u8]| {
        let headers = [("content-length", length)];
        space.visit("PUT", &signed.url, &headers, body).await.status
    };
    assert_eq!(put("4", b"1234").await, 403);
    assert_eq!(put("6", b"123456").await, 403);
    assert_eq!(put("5", b"12345").await, 200);
    let parts = store.list_parts(&key, &id).await.unwrap();
    assert_eq!(
        (parts.len(), parts[0].number, parts[0].size_bytes),
        (1, 1, 5)
    );
    store.complete_upload(&key, &id, &parts).await.unwrap();
    assert_eq!(&store.get_bytes(&key, 5).await.unwrap()[..], b"12345");
    assert_ne!(put("5", b"54321").await, 200, "it is complete");
    assert_eq!(&store.get_bytes(&key, 5).await.unwrap()[..], b"12345");
}

async fn an_upload_that_ended_is_gone(space: Space) {
    let (key, store) = (space.key("ended"), &space.store);
    let id = store.begin_upload(&key, "").await.unwrap();
    for _ in 0..2 {
        store.abort_upload(&key, &id).await.unwrap();
    }
    let listed = store.list_parts(&key, &id).await;
    assert!(matches!(listed, Err(BlobError::NotFound)));
    let part = PartInfo {
        number: 1,
        size_bytes: 1,
        tag: "\"0\"".to_owned(),
    };
    let completed = store.complete_upload(&key, &id, &[part]).await;
    assert!(matches!(completed, Err(BlobError::NotFound)));
    assert!(
        store
            .list_uploads(&space.prefix, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_body_of_known_length_goes_through_or_leaves_nothing(space: Space) {
    let (key, store) = (space.key("sized"), &space.store);
    let whole: Vec<u8> = (0..300_000).map(|n| (n % 251) as u8).collect();
    let chunks = |bytes: &[u8]| {
        let all: Vec<_> = bytes.chunks(65_521).map(Bytes::copy_from_slice).collect();
        stream::iter(all.into_iter().map(Ok::<_, Infallible>))
    };
    for wrong in [&whole[..299_999], &[&whole[..], b"x"].concat()] {
        let put = store.put_sized(&key, "x/y", 300_000, chunks(wrong)).await;
        assert!(matches!(put, Err(BlobError::Body(_))), "{put:?}");
        assert!(matches!(store.head(&key).await, Err(BlobError::NotFound)));
    }
    let put = store.put_sized(&key, "x/y", 300_000, chunks(&whole)).await;
    put.unwrap();
    assert!(store.get_bytes(&key, 300_000).await.unwrap() == whole);
    let info = store.head(&key).await.unwrap();
    assert_eq!(info.content_type, "x/y");
    assert!(info.put_at.is_some());
    let empty = store.put_sized(&key, "x/y", 0, chunks(b"")).await;
    empty.unwrap();
    assert_eq!(store.head(&key).await.unwrap().size_bytes, 0);
}

async fn some_bytes_of_an_object_are_read(space: Space) {
    space.put("range", b"0123456789").await;
    let key = space.key("range");
    for (range, part) in [
        (0..=0, "0"),
        (3..=5, "345"),
        (9..=9, "9"),
        (0..=9, "0123456789"),
    ] {
        let bytes = space.store.get_range(&key, range).await.unwrap();
        let bytes: Vec<Bytes> = futures::TryStreamExt::try_collect(bytes).await.unwrap();
        assert_eq!(bytes.concat(), part.as_bytes());
    }
    let missing = space.store.get_range(&space.key("never"), 0..=1).await;
    assert!(matches!(missing, Err(BlobError::NotFound)));
}
