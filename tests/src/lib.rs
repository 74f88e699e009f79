//! Whole-system tests and their harness; unit tests stay beside the code.
//!
//! | file | what |
//! | --- | --- |
//! | `world.rs` | [`World`]: a deployment in this process for one test, in either [`Column`] |
//! | `process.rs` | [`Deployment`]: the real binary as a process that can be killed |
//! | `site.rs` | [`Site`]: a deployment as people see it; companies and colleagues |
//! | `browser.rs`, `socket.rs` | what a person has: cookies and GraphQL, a live socket |
//! | `upload.rs` | what a person's page does with files |
//! | `service/` | the real PostgreSQL, Redis and S3, private to a run |
//! | `bin/services.rs` | starts them around a command |

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a harness panics where a test fails, and is itself the outside"
)]

mod browser;
mod process;
pub mod service;
mod site;
mod socket;
mod upload;
mod world;

pub use browser::{Answer, Browser, DESKTOP, PHONE, Schema};
pub use process::{Deployment, hansa_binary, make_operator};
pub use service::process::free_port;
pub use site::{
    Company, FOUNDER_PASSWORD, MEMBER_PASSWORD, OPERATOR_EMAIL, Person, Signup, Site, sign_in_with,
};
pub use socket::{EVENTS, Heard, PATIENCE, Socket};
pub use world::{Column, World};
