//! The life of a tenant after provisioning: active ⇄ suspended → closing → erased. Every change is
//! written into the tenant's own log before it is in force, and closes the tenant's handle at once.

mod change;
mod erase;
mod migrate;

pub use change::{tenant_close, tenant_resume, tenant_suspend, tenant_verify};
pub use erase::tenant_erase;
pub use migrate::tenant_migrate;

#[cfg(test)]
pub(crate) use change::context;
