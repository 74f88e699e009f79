//! `make bench`: what the product promises, each figure beside a floor that was measured in the
//! same run: `bench NAME VALUE UNIT ratio=R floor=FLOOR`. The ratio is value by floor.
//!
//! | file | what |
//! | --- | --- |
//! | `provisioning.rs` | processor time of a new tenant |
//! | `sends.rs` | durable sends a second into one tenant |
//! | `delivery.rs` | from the sender's socket to the receiver's |
//! | `sockets.rs` | memory of an idle signed-in socket |
//! | `files.rs` | how fast files come and go |
//! | `files_memory.rs` | memory of the server while 50 people upload |
//! | `deployment.rs`, `client.rs` | the real server, people in it, their sockets |
//! | `held.rs` | a server in a process of its own |
//! | `page.rs` | what a page does with files |
//! | `insert.rs`, `echo.rs` | floors: a bare insert, a bare socket, bytes that nobody keeps |
//! | `machine.rs`, `figure.rs` | what processes cost; how a figure is printed |
//!
//! `bench` runs everything; `bench sends delivery` only these.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a bench ends where something is amiss, and is itself the outside"
)]

mod client;
mod delivery;
mod deployment;
mod echo;
mod figure;
mod files;
mod files_memory;
mod held;
mod insert;
mod machine;
mod page;
mod provisioning;
mod sends;
mod sockets;

use std::env;

use deployment::COLUMNS;

#[tokio::main]
async fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    if let Some((held::HOLD, what)) = words.split_first().map(|(a, b)| (a.as_str(), b)) {
        return held::hold(what).await;
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    println!("{}", machine::description());
    for column in COLUMNS {
        if wanted("provisioning") {
            provisioning::measure(column).await;
        }
        if wanted("sends") {
            sends::measure(column).await;
        }
        if wanted("delivery") {
            delivery::measure(column).await;
        }
        if wanted("sockets") {
            sockets::measure(column).await;
        }
        if wanted("files") {
            files::measure(column).await;
            files_memory::measure(column).await;
        }
    }
    println!("load at the end: {}", machine::load());
}
