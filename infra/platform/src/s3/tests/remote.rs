//! What only a server outside of this process has: an address, keys and settings that can be wrong.

use bytes::Bytes;

use super::space::{Column, HOUR, Space, remote_config};
use crate::s3::*;

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

mod scaled {
    use super::*;

    #[tokio::test]
    async fn wrong_settings_are_refused_and_named() {
        let Some(config) = remote_config() else {
            return;
        };
        let refused = async |config: S3Config| {
            let store = BlobStore::remote(&config).unwrap();
            let check = store.check().await.unwrap_err();
            let put = store.put("a", "", Bytes::new()).await.unwrap_err();
            assert!(!format!("{check:?} {put:?}").contains("hunter2"));
            (check, put.to_string())
        };
        let no_bucket = refused(S3Config {
            bucket: "nobody-made-it".to_owned(),
            ..config.clone()
        });
        let (check, put) = no_bucket.await;
        assert!(matches!(check, BlobError::NoBucket), "{check}");
        assert_eq!(put, "the bucket does not exist");
        let wrong_key = refused(S3Config {
            secret_key: "hunter2".into(),
            ..config.clone()
        });
        let (check, put) = wrong_key.await;
        assert_eq!(check.to_string(), "objects: refused with status 403");
        assert!(put.contains("403, AccessDenied: "), "{put}");
        let wrong_region = refused(S3Config {
            region: "elsewhere-1".to_owned(),
            ..config
        });
        let (_, put) = wrong_region.await;
        assert!(put.contains("elsewhere-1"), "names what was signed: {put}");
    }

    #[tokio::test]
    async fn what_is_to_be_encrypted_is_told_with_the_signed_put() {
        let Some(config) = remote_config() else {
            return;
        };
        let space = Space::open(Column::Scaled).await.unwrap();
        let sealed = S3Config {
            sse: true,
            ..config
        };
        let store = BlobStore::remote(&sealed).unwrap();
        let key = space.key("sealed");
        let put = store.put(&key, "text/plain", Bytes::from_static(b"hello"));
        put.await.unwrap();
        assert_eq!(&store.get_bytes(&key, 10).await.unwrap()[..], b"hello");
        let put = store
            .presign_put(&key, "text/plain", 5, HOUR)
            .await
            .unwrap();
        let told: Vec<_> = put
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert!(told.contains(&("x-amz-server-side-encryption", "AES256")));
        let bare = [("content-type", "text/plain")];
        let refused = space.visit("PUT", &put.url, &bare, b"HELLO").await.status;
        assert!([400, 403].contains(&refused), "{refused}");
        let seen = space.visit("PUT", &put.url, &told, b"HELLO").await;
        assert_eq!(seen.status, 200);
        assert_eq!(&store.get_bytes(&key, 10).await.unwrap()[..], b"HELLO");
    }

    #[tokio::test]
    async fn browsers_may_reach_the_bucket_by_a_host_name_of_its_own() {
        let Some(config) = remote_config() else {
            return;
        };
        let space = Space::open(Column::Scaled).await.unwrap();
        space.put("a", b"hello").await;
        let endpoint = config.endpoint.clone().unwrap();
        let (_, port) = endpoint.rsplit_once(':').unwrap();
        let by_name = S3Config {
            public_endpoint: Some(format!("http://s3.test:{port}")),
            path_style: false,
            ..config.clone()
        };
        let store = BlobStore::remote(&by_name).unwrap();
        let key = space.key("a");
        let url = store.presign_get(&key, Disposition::Inline, "a", HOUR);
        let url = url.await.unwrap();
        let named = format!("http://{}.s3.test:{port}/{key}?", config.bucket);
        assert!(url.starts_with(&named), "{url}");
        let seen = space.visit("GET", &url, &[], b"").await;
        assert_eq!((seen.status, &seen.body[..]), (200, &b"hello"[..]));
    }
}
