//! Durable sends a second into one tenant by senders who each wait for the acknowledgement of
//! their last message. Floor: single-row inserts by as many clients.

use std::time::{Duration, Instant};

use api_graphql::Gateway;
use hansa_tests::Column;
use tenancy_chat::{OpenDirectInput, SendFiles, SendInput, open_direct};
use tenancy_model::ConversationId;

use crate::{
    deployment::{Ground, Person, company, name_of},
    figure::{Figure, number, percentile},
    insert,
    machine::Meter,
};

const SENDERS: [usize; 2] = [8, 64];
const LASTS: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(1);
/// A message of 200 bytes.
const TEXT: [u8; 200] = [b'x'; 200];

/// Prints the figures of a column.
pub(crate) async fn measure(column: Column) {
    let ground = Ground::new(column).await;
    let gateway = ground.join().await;
    let people = company(&gateway, SENDERS[1] + 1).await;
    let meter = Meter::new(ground.superuser_url()).await;
    for senders in SENDERS {
        let seats = seats(&people, senders).await;
        sending(&gateway, &seats, WARM_UP).await;
        let (before, began) = (meter.read(), Instant::now());
        let mut waits = sending(&gateway, &seats, LASTS).await;
        let (took, cost) = (began.elapsed(), meter.since(before));
        let sends = waits.len() as f64;
        let each_us = |ms: f64| number(ms * 1_000.0 / sends);
        let database = match column {
            Column::Embedded => "in-process".to_owned(),
            Column::Scaled => each_us(cost.database_ms),
        };
        Figure {
            name: format!("sends.{senders}.{}", name_of(column)),
            value: sends / took.as_secs_f64(),
            unit: "sends/s",
            floor: insert::rate(&ground, senders, LASTS).await,
            beside: vec![
                ("cpu_process_us", each_us(cost.process_ms)),
                ("cpu_database_us", database),
                ("p50_ms", number(percentile(&mut waits, 50))),
                ("p99_ms", number(percentile(&mut waits, 99))),
            ],
        }
        .print();
    }
}

/// Who sends, and where to.
#[derive(Clone)]
struct Seat {
    person: Person,
    conversation: ConversationId,
}

/// Each of the first `senders` people with the one after them.
async fn seats(people: &[Person], senders: usize) -> Vec<Seat> {
    let mut seats = Vec::with_capacity(senders);
    for pair in people.windows(2).take(senders) {
        let [person, other] = pair else { continue };
        let member = other.context.require_member().expect("a member");
        let opened = open_direct(&person.context, &OpenDirectInput { member }).await;
        seats.push(Seat {
            person: person.clone(),
            conversation: opened.expect("a conversation").id,
        });
    }
    seats
}

/// Everybody sends as fast as they are acknowledged; how long each send took.
async fn sending(gateway: &Gateway, seats: &[Seat], lasts: Duration) -> Vec<Duration> {
    let began = Instant::now();
    let round = format!("of-{}-for-{}", seats.len(), lasts.as_secs());
    let tasks: Vec<_> = seats
        .iter()
        .map(|seat| {
            let (chat, seat, round) = (gateway.chat.clone(), seat.clone(), round.clone());
            tokio::spawn(async move {
                let text = String::from_utf8_lossy(&TEXT).into_owned();
                let mut waits = Vec::new();
                while began.elapsed() < lasts {
                    let sent = Instant::now();
                    let input = SendInput {
                        conversation: seat.conversation,
                        nonce: format!("{round}-{}", waits.len()),
                        text: text.clone(),
                        files: SendFiles::default(),
                    };
                    let entry = chat.send(&seat.person.context, input).await;
                    assert!(!entry.expect("sent").duplicate, "a nonce came twice");
                    waits.push(sent.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.expect("a sender"));
    }
    waits
}
