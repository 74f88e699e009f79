//! What the edge asks of the rest of the product, answered: each file implements one or two of the
//! traits of `api_http::ports` over the domain crates.

mod authenticator;
mod events;
mod live;
mod readiness;

pub(crate) use authenticator::SessionAuthenticator;
pub(crate) use events::SchemaEvents;
pub(crate) use live::Live;
pub(crate) use readiness::Dependencies;
