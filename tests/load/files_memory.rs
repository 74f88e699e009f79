//! Memory of the server while 50 people at once upload 100 MiB of distinct random bytes each, from
//! the first byte to the last checked file: the peak above what it had when idle, promised to stay
//! under 200 MiB. Floor: a bare actix server that drops the same bytes.

use futures::future::join_all;
use hansa_tests::Column;

use crate::{
    deployment::name_of,
    echo::SINK,
    figure::{Figure, number},
    files::{MIB, SEEDS_OF_A_FILE, SHARE, SMALL_BYTES},
    held::{Held, Service},
    machine::{forget_peak, peak_bytes},
    page::{Headers, Noise, Page, client, put},
};

const PEOPLE: usize = 50;
const FILE_BYTES: u64 = 100 * MIB / SHARE;
/// Of each person: a little more than 100 MiB.
const SMALL_FILES: u64 = 100_u64.div_ceil(8 * SHARE);
/// Of a person's seeds.
const SEEDS_OF_A_PERSON: u64 = SEEDS_OF_A_FILE * 64;
const PROMISED_MIB: u64 = 200;

/// By which way the bytes come.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// A file in parts, straight to the S3; in the embedded column that is in the server.
    Parts,
    /// Small files, one after the other.
    Small,
}

/// Prints the figures of a column.
pub(crate) async fn measure(column: Column) {
    platform::tls::install_provider();
    let floor = growth(None, Way::Small).await;
    // In the scaled column no byte of a part comes through the server.
    let ways: &[(Way, &str)] = match column {
        Column::Embedded => &[(Way::Parts, "parts"), (Way::Small, "small")],
        Column::Scaled => &[(Way::Small, "small")],
    };
    for (way, name) in ways {
        let grown = growth(Some(column), *way).await;
        Figure {
            name: format!("upload.memory.{name}.{}", name_of(column)),
            value: grown.peak_bytes / MIB as f64,
            unit: "MiB",
            floor: floor.peak_bytes / MIB as f64,
            beside: vec![
                ("promised", PROMISED_MIB.to_string()),
                ("people", PEOPLE.to_string()),
                ("mib_each", (sent_bytes(*way) / MIB).to_string()),
                ("idle_mib", number(grown.idle_bytes / MIB as f64)),
            ],
        }
        .print();
    }
}

fn sent_bytes(way: Way) -> u64 {
    match way {
        Way::Parts => FILE_BYTES,
        Way::Small => SMALL_FILES * SMALL_BYTES,
    }
}

/// What a server had, and had more at its peak.
struct Growth {
    idle_bytes: f64,
    peak_bytes: f64,
}

/// Of the product in a column, or of the floor.
async fn growth(column: Option<Column>, way: Way) -> Growth {
    let service = match column {
        Some(column) => Service::Product {
            column,
            tenants: 1,
            people: PEOPLE,
        },
        None => Service::Floor,
    };
    let server = Held::launch(service).await;
    // Once before, so that what is made at the first use is not counted.
    upload(&server, way, 0).await;
    let idle_bytes = server.calm_bytes().await;
    forget_peak(server.id);
    join_all((0..PEOPLE).map(|n| upload(&server, way, 1 + n as u64))).await;
    let peak_bytes = peak_bytes(server.id) - idle_bytes;
    server.end().await;
    Growth {
        idle_bytes,
        peak_bytes,
    }
}

/// What one person sends. Of everybody's bytes none are the same.
async fn upload(server: &Held, way: Way, n: u64) {
    let noise = |file: u64, size_bytes| Noise {
        seed: n * SEEDS_OF_A_PERSON + file * SEEDS_OF_A_FILE,
        size_bytes,
    };
    let who = usize::try_from(n).unwrap_or(0) % PEOPLE;
    let Some(pass) = server.passes.get(who) else {
        return sink(server, &noise).await;
    };
    let page = Page::new(&server.base, pass);
    match way {
        Way::Parts => {
            let upload = page.upload(noise(0, FILE_BYTES)).await;
            page.checked(&upload).await;
        }
        Way::Small => {
            let mut uploads = Vec::new();
            for file in 0..SMALL_FILES {
                uploads.push(page.send_small(noise(file, SMALL_BYTES)).await);
            }
            for upload in &uploads {
                page.checked(upload).await;
            }
        }
    }
}

async fn sink(server: &Held, noise: &impl Fn(u64, u64) -> Noise) {
    let client = client();
    let url = format!("{}{SINK}", server.base);
    for file in 0..SMALL_FILES {
        put(&client, (&url, &Headers::new()), noise(file, SMALL_BYTES)).await;
    }
}
