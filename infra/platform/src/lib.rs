//! What would be the same in another product and talks to the outside. No product noun lives here,
//! and no database but the object service's own metadata file.
//!
//! | module | what |
//! | --- | --- |
//! | [`config`] | defaults, file, environment; example file and schema out of the same structs |
//! | [`telemetry`] | logs, metrics, traces |
//! | [`redis_service`] | the deployment's one Redis |
//! | [`bus`] | publish and subscribe, over Redis or inside this process |
//! | [`ephemeral`] | small values that expire, in groups |
//! | [`rate_limit`] | quotas, counted in this process or in Redis |
//! | [`outbound`] | the one client for addresses that strangers gave |
//! | [`mail`] | SMTP |
//! | [`s3`] | objects, in any S3 or in the service inside this process |
//! | [`web_probe`] | requests to our own addresses, for checks |
//! | [`clock_watch`] | whether the processes of a deployment agree about the time |
//! | [`tasks`] | background tasks, watched and stopped together |
//!
//! To add a service: one module, one `…Config` with `Default` and a doc comment a field, one error
//! enum, an in-process and a remote form behind one trait, and the same tests over both.

pub mod bus;
pub mod clock_watch;
pub mod config;
pub mod ephemeral;
mod hex;
pub mod mail;
pub mod outbound;
pub mod rate_limit;
pub mod redis_service;
pub mod s3;
pub mod tasks;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod tls;
pub mod web_probe;
