//! The binary: one configuration, one composition root, one file a command.
//!
//! | file | what |
//! | --- | --- |
//! | `config.rs` | [`RootConfig`]: every crate's section |
//! | `wire.rs` | the composition root: which implementation stands behind which trait |
//! | `ports/` | what the edge asks of the domain crates |
//! | `worker.rs` | every job and every background task |
//! | `serve.rs` | [`start`]: a running server, also for tests |
//! | `doctor.rs` | [`doctor`]: every dependency and setting, and what to do about it |
//! | `commands/` | `hansa serve`, `worker`, `migrate`, `operator`, `tenant`, `doctor` … |
//!
//! To add a command: a file in `commands/`, a variant in [`Cli`], its sentence of help.
// The executor nests a future a field of the schema; an optimised build looks into all of them.
#![recursion_limit = "256"]

mod blobs;
mod commands;
mod config;
mod demonstration;
pub mod doctor;
mod error;
mod ports;
mod serve;
mod user_agent;
mod wire;
mod worker;

pub use commands::{Cli, run};
pub use config::RootConfig;
pub use error::StartError;
pub use serve::{Running, start};
pub use wire::{Options, Parts, join};
