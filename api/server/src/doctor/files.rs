//! Where files are kept: the bucket is there, takes, gives back and removes an object, and lets
//! pages of this deployment upload into it.

use std::sync::Arc;

use kernel::Rng;
use platform::s3::{BlobError, BlobStore, LocalS3, S3Config, cors_rules};

use super::{ANSWER_MS_MAX, Check, machine};
use crate::{Options, RootConfig};

const AWAY: &str = "check s3.endpoint, s3.region, s3.access_key and s3.secret_key (HANSA_S3_…)";
const BODY: &[u8] = b"hansa doctor";

pub(super) async fn check(config: &RootConfig, options: &Options) -> Vec<Check> {
    let key = probe_key(&options.rng);
    if !config.s3.is_remote() {
        if !machine::is_ours(&config.data) {
            return vec![shared(config)];
        }
        return vec![shared(config), in_process(config, options, &key).await];
    }
    let settings = S3Config {
        timeout_ms: config.s3.timeout_ms.min(ANSWER_MS_MAX),
        ..config.s3.clone()
    };
    let store = match BlobStore::remote(&settings) {
        Ok(store) => store,
        Err(error) => return vec![Check::fail("s3.bucket", error.to_string(), AWAY)],
    };
    let bucket = bucket(&config.s3, store.check().await);
    if bucket.remedy.is_some() {
        return vec![bucket];
    }
    let mut checks = vec![bucket, object(&store, &key).await, mixed_content(config)];
    checks.extend(cors(config, &store, &key).await);
    checks
}

fn probe_key(rng: &Arc<dyn Rng>) -> String {
    format!(
        "hansa-doctor/{}",
        rng.text(b"abcdefghijklmnopqrstuvwxyz", 16)
    )
}

fn shared(config: &RootConfig) -> Check {
    if config.database.url.is_empty() {
        return Check::ok("s3.bucket", "files are kept in the data folder");
    }
    let what = "files are kept in this machine's data folder: a second process has none of them";
    let remedy = "set s3.endpoint (HANSA_S3_ENDPOINT), or keep to one process";
    Check::warn("s3.bucket", what, remedy)
}

async fn in_process(config: &RootConfig, options: &Options, key: &str) -> Check {
    let folder = config.data.join("blobs");
    let local = LocalS3::open(&folder, options.clock.clone(), options.rng.clone()).await;
    match local {
        Ok(local) => object(&BlobStore::local(&local, &config.public_url()), key).await,
        Err(error) => Check::fail("s3.object", error.to_string(), "check who owns the folder"),
    }
}

fn bucket(config: &S3Config, answer: Result<(), BlobError>) -> Check {
    let name = &config.bucket;
    match answer {
        Ok(()) => Check::ok("s3.bucket", format!("{name} is there")),
        Err(BlobError::NoBucket) => {
            let what = format!("there is no bucket {name}");
            let remedy = format!(
                "make it, or set s3.bucket: {}",
                aws(config, "create-bucket")
            );
            Check::fail("s3.bucket", what, remedy)
        }
        Err(error) => Check::fail("s3.bucket", error.to_string(), AWAY),
    }
}

async fn object(store: &BlobStore, key: &str) -> Check {
    let tried = async {
        store.put(key, "text/plain", BODY.into()).await?;
        let read = store.get_bytes(key, BODY.len() as u64).await;
        store.delete(key).await?;
        read
    };
    let remedy = "give the key the rights to put, get, list and delete objects";
    match tried.await {
        Ok(read) if read == BODY => {
            Check::ok("s3.object", "an object was written, read and removed")
        }
        Ok(_) => Check::fail("s3.object", "an object came back with other bytes", remedy),
        Err(error) => Check::fail("s3.object", error.to_string(), remedy),
    }
}

/// Where browsers reach the bucket.
fn seen_by_browsers(config: &S3Config) -> &str {
    let public = config.public_endpoint.as_deref();
    let public = public.filter(|text| !text.is_empty());
    public.or(config.endpoint.as_deref()).unwrap_or("")
}

fn mixed_content(config: &RootConfig) -> Check {
    let endpoint = seen_by_browsers(&config.s3);
    let what = format!("browsers are sent to {endpoint}");
    if config.public_url().starts_with("https://") && endpoint.starts_with("http://") {
        let remedy = "a page over https may not call http: set s3.public_endpoint \
                      (HANSA_S3_PUBLIC_ENDPOINT) to an https address of the same S3";
        return Check::fail("s3.public-endpoint", what, remedy);
    }
    Check::ok("s3.public-endpoint", what)
}

/// Asked where browsers are sent to. A machine that cannot go there, such as a container, asks the
/// same bucket by its own way: the rule is the bucket's, not the address's.
async fn cors(config: &RootConfig, store: &BlobStore, key: &str) -> Vec<Check> {
    let origin = config.public_url();
    let far = seen_by_browsers(&config.s3) != config.s3.endpoint.as_deref().unwrap_or("");
    let mut checks = Vec::new();
    let mut answer = store.check_cors(key, &origin).await;
    if let (Err(error), true) = (&answer, far) {
        let what = format!("from here: {error}");
        let remedy = "browsers upload to this address: check that they reach it \
                      (HANSA_S3_PUBLIC_ENDPOINT)";
        checks.push(Check::warn("s3.public-endpoint", what, remedy));
        let near = S3Config {
            public_endpoint: None,
            ..config.s3.clone()
        };
        answer = match BlobStore::remote(&near) {
            Ok(near) => near.check_cors(key, &origin).await,
            Err(error) => Err(error),
        };
    }
    checks.push(match answer {
        Ok(faults) if faults.is_empty() => {
            Check::ok("s3.cors", format!("pages of {origin} may upload"))
        }
        Ok(faults) => {
            let what = format!("pages of {origin} cannot upload: {}", faults.join(", "));
            let (command, rules) = (aws(&config.s3, "put-bucket-cors"), cors_rules(&origin));
            let remedy = format!("add this rule: {command} --cors-configuration '{rules}'");
            Check::fail("s3.cors", what, remedy)
        }
        Err(error) => {
            let remedy = "browsers upload by such addresses: check s3.endpoint and s3.path_style";
            Check::fail("s3.cors", error.to_string(), remedy)
        }
    });
    checks
}

fn aws(config: &S3Config, verb: &str) -> String {
    let endpoint = config.endpoint.as_deref().unwrap_or("");
    let bucket = &config.bucket;
    format!("aws --endpoint-url {endpoint} s3api {verb} --bucket {bucket}")
}
