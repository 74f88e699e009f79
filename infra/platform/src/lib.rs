//! What would be the same in another product and talks to the outside: configuration, telemetry,
//! bus, rate limits, outbound requests, mail, objects, background tasks. No product noun lives here,
//! and no database but the object service's own metadata file.
//!
//! - [`config`]: defaults, file, environment; the example file and the schema out of the same structs.
//! - [`redis_service`], [`bus`]: Redis, and publish/subscribe over it or inside this process.
//! - [`ephemeral`]: small values that expire, in groups.
//! - [`rate_limit`]: quotas, counted in this process or in Redis.
//! - [`telemetry`]: logs, metrics, traces.
//!
//! To add a service: one module, one `…Config` with `Default` and a doc comment a field, one error
//! enum, an in-process and a remote form behind one trait, and the same tests over both.

pub mod bus;
pub mod config;
pub mod ephemeral;
mod hex;
pub mod rate_limit;
pub mod redis_service;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod tls;
