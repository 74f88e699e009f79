//! Durable sends a second into one tenant, with 8 and with 64 senders who each wait for the
//! acknowledgement of their last message. Over SQLite, and over PostgreSQL when
//! `HANSA_TEST_PG_URL` names the superuser of a private server.
//! `cargo run -p tenancy-chat --example send_rate [seconds [senders ..]]`

#[path = "../tests/it/office.rs"]
#[expect(
    dead_code,
    clippy::expect_used,
    reason = "shared with the tests, which need more of it and end where something is amiss"
)]
mod office;

use std::time::{Duration, Instant};

use office::Office;
use tenancy_store::testing::{Column, World, run};

const SECONDS: usize = 5;
const SENDERS: [usize; 2] = [8, 64];
/// A message of 200 bytes.
const TEXT: [u8; 200] = [b'x'; 200];

fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse::<usize>().ok());
    let lasts = Duration::from_secs(numbers.next().unwrap_or(SECONDS) as u64);
    let mut senders: Vec<usize> = numbers.collect();
    if senders.is_empty() {
        senders.extend(SENDERS);
    }
    for column in [Column::Embedded, Column::Scaled] {
        if column == Column::Scaled && std::env::var_os("HANSA_TEST_PG_URL").is_none() {
            println!("{column:?}: HANSA_TEST_PG_URL is not set");
            continue;
        }
        for senders in senders.iter().copied() {
            run(column, move |world| rate(world, senders, lasts));
        }
    }
}

async fn rate(world: World, senders: usize, lasts: Duration) {
    let column = world.column;
    let office = Office::open(&world, 2 * senders).await;
    let began = Instant::now();
    let mut tasks = Vec::new();
    for sender in 0..senders {
        let conversation = office.direct(2 * sender, 2 * sender + 1).await;
        let office = office.clone();
        tasks.push(async move {
            let text = String::from_utf8_lossy(&TEXT);
            let mut waits = Vec::new();
            while began.elapsed() < lasts {
                let sent = Instant::now();
                let nonce = format!("nonce-{sender}-{}", waits.len());
                let result = office
                    .try_say(2 * sender, conversation, &nonce, &text)
                    .await;
                assert!(result.is_ok(), "{result:?}");
                waits.push(sent.elapsed());
            }
            waits
        });
    }
    let began = Instant::now();
    let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap_or_default());
    }
    let seconds = began.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |part: usize| waits[(waits.len() - 1) * part / 100].as_micros();
    println!(
        "{column:?}: {senders} senders, {:.0} sends/s, p50 {} us, p99 {} us",
        waits.len() as f64 / seconds,
        at(50),
        at(99),
    );
}
