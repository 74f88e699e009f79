//! A part of a store that is one test's own, over either server: the same test runs over the
//! service in this process (`embedded`) and over the S3 that `HANSA_TEST_S3_ENDPOINT` names
//! (`scaled`); without it that half fails, unless `HANSA_TEST_COLUMNS=embedded` says that it is not
//! wanted.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use kernel::{ManualClock, Rng, SystemRng};

use crate::s3::*;

/// Where browsers reach the service in this process.
pub(super) const PUBLIC_URL: &str = "http://chat.test:8080";
/// Longer than a test.
pub(super) const HOUR: Duration = Duration::from_secs(3600);

/// Which of the two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Embedded,
    Scaled,
}

/// A store, what all keys of the test start with, and a browser's way to it.
pub(super) struct Space {
    pub(super) store: BlobStore,
    pub(super) prefix: String,
    pub(super) column: Column,
    local: Option<LocalS3>,
    _folder: Option<tempfile::TempDir>,
}

/// What a browser is answered.
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Seen {
    /// The value of a header, empty without it.
    pub(super) fn header(&self, name: &str) -> &str {
        let mut all = self.headers.iter();
        all.find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

impl Space {
    /// A part of its own on `column`; nothing where that column is not wanted.
    pub(super) async fn open(column: Column) -> Option<Self> {
        if column == Column::Embedded {
            let folder = tempfile::tempdir().unwrap();
            let (local, store) = open_local(folder.path()).await;
            return Some(Self {
                store,
                prefix: String::new(),
                column,
                local: Some(local),
                _folder: Some(folder),
            });
        }
        let rng: &dyn Rng = &SystemRng;
        Some(Self {
            store: BlobStore::remote(&remote_config()?).unwrap(),
            prefix: format!("{}/", rng.text(b"abcdefghijklmnopqrstuvwxyz", 16)),
            column,
            local: None,
            _folder: None,
        })
    }

    /// A key of this test.
    pub(super) fn key(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }

    /// Stores `body` as a text.
    pub(super) async fn put(&self, rest: &str, body: &'static [u8]) {
        let (key, body) = (self.key(rest), Bytes::from_static(body));
        self.store.put(&key, "text/plain", body).await.unwrap();
    }

    /// What a browser does with a signed address.
    pub(super) async fn visit(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &'static [u8],
    ) -> Seen {
        match &self.local {
            Some(local) => visit_local(local, method, url, headers, body).await,
            None => visit_remote(method, url, headers, body).await,
        }
    }
}

/// A service over `folder` and the store that uses it.
pub(super) async fn open_local(folder: &Path) -> (LocalS3, BlobStore) {
    let (clock, rng) = (Arc::new(ManualClock::default()), Arc::new(SystemRng));
    let local = LocalS3::open(folder, clock, rng).await.unwrap();
    let store = BlobStore::local(&local, PUBLIC_URL);
    (local, store)
}

/// The S3 of this test run; nothing where the scaled column is not wanted.
pub(super) fn remote_config() -> Option<S3Config> {
    if std::env::var("HANSA_TEST_COLUMNS").as_deref() == Ok("embedded") {
        return None;
    }
    let variable = |name: &str| {
        let name = format!("HANSA_TEST_S3_{name}");
        std::env::var(&name).unwrap_or_else(|_| {
            panic!("{name} must tell of an S3 (HANSA_TEST_COLUMNS=embedded leaves this column out)")
        })
    };
    Some(S3Config {
        endpoint: Some(variable("ENDPOINT")),
        region: variable("REGION"),
        bucket: variable("BUCKET"),
        access_key: variable("ACCESS_KEY"),
        secret_key: variable("SECRET_KEY").into(),
        ..S3Config::default()
    })
}

/// As the HTTP server that the service is mounted in would call it.
pub(super) async fn visit_local(
    local: &LocalS3,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &'static [u8],
) -> Seen {
    let headers = [("host", "chat.test:8080")].iter().chain(headers);
    let request = BlobRequest {
        method: method.to_owned(),
        target: url.strip_prefix(PUBLIC_URL).unwrap_or(url).to_owned(),
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect(),
        body: stream::iter([Ok::<_, Infallible>(Bytes::from_static(body))]),
    };
    let mut answer = local.handle(request).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.body.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    let text = |value: Vec<u8>| String::from_utf8(value).unwrap();
    let headers = answer.headers.into_iter();
    Seen {
        status: answer.status,
        headers: headers.map(|(name, value)| (name, text(value))).collect(),
        body: bytes.into(),
    }
}

/// Over the network; a name under `.test` is this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "a browser, which the one way out refuses to call on this machine"
)]
async fn visit_remote(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &'static [u8],
) -> Seen {
    crate::tls::install_provider();
    let url: reqwest::Url = url.parse().unwrap();
    let mut client = reqwest::Client::builder();
    if let Some(host) = url.host_str().filter(|host| host.ends_with(".test")) {
        let address = ([127, 0, 0, 1], url.port().unwrap_or(80)).into();
        client = client.resolve(host, address);
    }
    let method = method.parse().unwrap();
    let mut request = client.build().unwrap().request(method, url).body(body);
    for (name, value) in headers.iter().filter(|(name, _)| *name != "content-length") {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
    Seen {
        status: answer.status().as_u16(),
        headers: answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: answer.bytes().await.unwrap(),
    }
}

/// Makes a test of both columns out of each `async fn name(space: Space)` beside it.
macro_rules! test_both_servers {
    ($($name:ident),+ $(,)?) => {
        mod embedded {
            $(
                #[tokio::test]
                async fn $name() {
                    use crate::s3::tests::space::{Column, Space};
                    super::$name(Space::open(Column::Embedded).await.unwrap()).await;
                }
            )+
        }
        mod scaled {
            $(
                #[tokio::test]
                async fn $name() {
                    use crate::s3::tests::space::{Column, Space};
                    if let Some(space) = Space::open(Column::Scaled).await {
                        super::$name(space).await;
                    }
                }
            )+
        }
    };
}
pub(super) use test_both_servers;
