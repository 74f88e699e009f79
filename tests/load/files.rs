//! How fast files come in, in parts and small, and go out again. Floor: the same client with the
//! same S3 and nothing between them, by presigned addresses, in turns with the product.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use hansa_tests::Column;
use platform::s3::{BlobStore, Disposition};
use reqwest::Client;

use crate::{
    client::Pass,
    deployment::{Ground, company, name_of},
    figure::{Figure, number, percentile},
    page::{Noise, PARTS_AT_ONCE, Page, put, read},
};

/// The dev profile only proves that the bench runs.
pub(crate) const SHARE: u64 = if cfg!(debug_assertions) { 6 } else { 1 };
/// Bytes of a mebibyte.
pub(crate) const MIB: u64 = 1 << 20;
/// Bytes of a small file: the largest one.
pub(crate) const SMALL_BYTES: u64 = 8 * MIB;
const PART_BYTES: u64 = 8 * MIB;
/// Together 288 MiB.
const LARGE_BYTES: u64 = 96 * MIB / SHARE;
const LARGE_FILES: u64 = 3;
const SMALL_FILES: u64 = 24 / SHARE;
/// Each file is read so often.
const READS: u64 = 2;
const ADDRESS_FOR: Duration = Duration::from_secs(600);
const TYPE: &str = "application/octet-stream";
/// Seeds of the floor's bytes are other ones.
const FLOOR_SEEDS: u64 = 1 << 40;
/// Between the seeds of two files: each part of one has its own.
pub(crate) const SEEDS_OF_A_FILE: u64 = 1 << 16;

/// Prints the figures of a column.
pub(crate) async fn measure(column: Column) {
    platform::tls::install_provider();
    let ground = Ground::new(column).await;
    let running = ground.start().await;
    let people = company(&running.parts().gateway, 1).await;
    let pass = Pass::of(people.first().expect("a person"));
    let page = Page::new(&format!("http://{}", running.address()), &pass);
    let bare = Bare {
        store: running.parts().blobs.clone(),
        client: page.client.clone(),
    };
    let race = Race { page, bare };
    race.all(0..1, 0..1).await;
    for (what, laps) in race.all(1..1 + LARGE_FILES, 1..1 + SMALL_FILES).await {
        laps.print(&format!("{what}.{}", name_of(column)));
    }
    running.stop().await;
}

/// The S3 without the product.
struct Bare {
    store: BlobStore,
    client: Client,
}

impl Bare {
    /// A large file in parts, joined.
    async fn upload(&self, key: &str, noise: Noise) {
        let upload = self.store.begin_upload(key, TYPE).await.expect("S3");
        let count = u32::try_from(noise.size_bytes.div_ceil(PART_BYTES)).expect("few");
        let parts = (1..=count).map(|number| {
            let before = PART_BYTES * u64::from(number - 1);
            let of_part = Noise {
                seed: noise.seed + u64::from(number),
                size_bytes: (noise.size_bytes - before).min(PART_BYTES),
            };
            self.put_part((key, &upload), number, of_part)
        });
        let parts = stream::iter(parts).buffer_unordered(PARTS_AT_ONCE);
        parts.collect::<()>().await;
        let parts = self.store.list_parts(key, &upload).await.expect("S3");
        let joined = self.store.complete_upload(key, &upload, &parts).await;
        joined.expect("S3");
    }

    async fn put_part(&self, to: (&str, &str), number: u32, noise: Noise) {
        let size = noise.size_bytes;
        let signed = self.store.presign_part(to, number, size, ADDRESS_FOR).await;
        let signed = signed.expect("an address");
        put(&self.client, (&signed.url, &signed.headers), noise).await;
    }

    async fn put(&self, key: &str, noise: Noise) {
        let size = noise.size_bytes;
        let signed = self.store.presign_put(key, TYPE, size, ADDRESS_FOR).await;
        let signed = signed.expect("an address");
        put(&self.client, (&signed.url, &signed.headers), noise).await;
    }

    async fn read(&self, key: &str) -> u64 {
        let inline = Disposition::Inline;
        let url = self
            .store
            .presign_get(key, inline, "noise.bin", ADDRESS_FOR);
        read(self.client.get(url.await.expect("an address"))).await
    }
}

/// How long each way took, file by file.
#[derive(Default)]
struct Laps {
    bytes: u64,
    product: Vec<Duration>,
    floor: Vec<Duration>,
    /// From the last byte to a file that can be used.
    checks: Vec<Duration>,
}

impl Laps {
    fn add(&mut self, bytes: u64, (product, floor): (Duration, Duration)) {
        self.bytes += bytes;
        self.product.push(product);
        self.floor.push(floor);
    }

    fn print(mut self, name: &str) {
        let rate = |waits: &[Duration]| {
            let took: Duration = waits.iter().sum();
            self.bytes as f64 / MIB as f64 / took.as_secs_f64()
        };
        let (value, floor) = (rate(&self.product), rate(&self.floor));
        let mut beside = vec![("mib", (self.bytes / MIB).to_string())];
        if !self.checks.is_empty() {
            let check = percentile(&mut self.checks, 50);
            beside.push(("check_p50_ms", number(check)));
        }
        Figure {
            name: name.to_owned(),
            value,
            unit: "MiB/s",
            floor,
            beside,
        }
        .print();
    }
}

/// How long something takes, and what comes of it.
async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let began = Instant::now();
    let done = work.await;
    (began.elapsed(), done)
}

/// The product and its floor, in turns.
struct Race {
    page: Page,
    bare: Bare,
}

impl Race {
    async fn all(&self, large: Range<u64>, small: Range<u64>) -> [(&'static str, Laps); 3] {
        let [mut parts, mut smalls, mut downloads] = <[Laps; 3]>::default();
        for n in large {
            let (key, file) = self.large(n, &mut parts).await;
            for _ in 0..READS {
                let (floor, bytes) = timed(self.bare.read(&key)).await;
                let (product, same) = timed(self.page.download(&file)).await;
                assert_eq!((bytes, same), (LARGE_BYTES, LARGE_BYTES));
                downloads.add(bytes, (product, floor));
            }
        }
        for n in small {
            self.small(n, &mut smalls).await;
        }
        [
            ("upload.parts", parts),
            ("upload.small", smalls),
            ("download", downloads),
        ]
    }

    /// A large file each way; the floor's key and the product's file.
    async fn large(&self, n: u64, laps: &mut Laps) -> (String, String) {
        let (noise, of_floor) = noises(n, LARGE_BYTES);
        let key = format!("floor/large-{n}");
        let (floor, ()) = timed(self.bare.upload(&key, of_floor)).await;
        let (product, upload) = timed(self.page.upload(noise)).await;
        let (check, file) = timed(self.page.checked(&upload)).await;
        laps.add(LARGE_BYTES, (product, floor));
        laps.checks.push(check);
        (key, file)
    }

    async fn small(&self, n: u64, laps: &mut Laps) {
        let (noise, of_floor) = noises(n, SMALL_BYTES);
        let key = format!("floor/small-{n}");
        let (floor, ()) = timed(self.bare.put(&key, of_floor)).await;
        let (product, upload) = timed(self.page.send_small(noise)).await;
        let (check, _) = timed(self.page.checked(&upload)).await;
        laps.add(SMALL_BYTES, (product, floor));
        laps.checks.push(check);
    }
}

/// The product's bytes, and the floor's.
fn noises(n: u64, size_bytes: u64) -> (Noise, Noise) {
    let seed = n * SEEDS_OF_A_FILE;
    let noise = |seed| Noise { seed, size_bytes };
    (noise(seed), noise(seed + FLOOR_SEEDS))
}
