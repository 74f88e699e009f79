//! Whole-system tests and their harness; unit tests stay beside the code.
//!
//! | file | what |
//! | --- | --- |
//! | `world.rs` | [`World`]: a deployment for one test, in either [`Column`], and its people |
//! | `browser.rs`, `socket.rs` | what a person has: cookies and GraphQL, a live socket |
//! | `service/` | the real PostgreSQL, Redis and S3, private to a run |
//! | `bin/services.rs` | starts them around a command |

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a harness panics where a test fails, and is itself the outside"
)]

mod browser;
pub mod service;
mod socket;
mod world;

pub use browser::{Answer, Browser, DESKTOP, PHONE, Schema};
pub use socket::{EVENTS, Heard, PATIENCE, Socket};
pub use world::{
    Column, Company, FOUNDER_PASSWORD, MEMBER_PASSWORD, Person, World, sign_in_with,
};
