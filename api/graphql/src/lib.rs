//! The two GraphQL schemas: what the outside may ask. A resolver does three steps: parse, one
//! domain call, map. No rule of the business, no HTTP, no SQL.
//!
//! | module | what |
//! | --- | --- |
//! | `tenant/` | /graphql: members and a tenant's administrators, one file per noun |
//! | `platform/` | /platform/graphql: outside any tenant, one file per noun |
//! | `context.rs` | how a resolver gets its context, counts an action, sets a cookie |
//! | `error.rs`, `message.rs` | domain error → problem or GraphQL error, the only such mapping |
//! | `page.rs`, `id.rs`, `int.rs`, `enums.rs` | connections, ids, numbers, the model's enums |
//! | `event.rs` | running a subscription for one event, without a viewer |
//!
//! **To add a field**: the verb in its domain crate first; then here its object, input and payload
//! beside the others of its noun, merged in `tenant/mod.rs` or `platform/mod.rs`; `make gen` prints
//! the schema (`schema/*.graphql`), and the isolation walk in `tests/` asks for its entry.

#![expect(
    clippy::too_many_arguments,
    unreachable_pub,
    reason = "the arguments of a field are those of its contract, and its types are public there"
)]

mod context;
mod enums;
mod error;
mod event;
mod id;
mod int;
mod message;
mod page;
mod platform;
mod session_changes;
mod tenant;

use std::sync::Arc;

use async_graphql::{EmptySubscription, Schema, SchemaBuilder};
use tenancy_access::Services;
use tenancy_chat::{Chat, Presence};
use tenancy_directory::MembershipObserver;
use tenancy_files::Files;
use tenancy_registry::Registry;

pub use context::{
    ActionLimiter, LimitKey, LimitedAction, PlatformRequest, RequestScope, TenantRequest,
};
pub use error::{error_code, problem_text};
pub use event::{check_event_document, execute_event};
pub use platform::{PlatformMutation, PlatformQuery};
pub use session_changes::{Door, SessionChange, SessionChanges};
pub use tenant::{Subscription, TenantMutation, TenantQuery};

/// The schema of /graphql.
pub type TenantSchema = Schema<TenantQuery, TenantMutation, Subscription>;
/// The schema of /platform/graphql.
pub type PlatformSchema = Schema<PlatformQuery, PlatformMutation, EmptySubscription>;

/// Levels of fields that a document may nest, on both schemas.
const DEPTH_MAX: usize = 15;
/// Directives of one field.
const DIRECTIVES_MAX: usize = 8;

/// What resolvers call: joined once, in `api/server`.
#[derive(Clone)]
pub struct Gateway {
    /// Stores, clock, randomness, bus.
    pub services: Services,
    /// Tenants and operators.
    pub registry: Arc<Registry>,
    /// Conversations, with their committers.
    pub chat: Arc<Chat>,
    /// Uploads, checks and downloads.
    pub files: Arc<Files>,
    /// Who is connected.
    pub presence: Arc<Presence>,
    /// Follows who is in which department.
    pub observer: Arc<dyn MembershipObserver>,
}

/// The schema of /graphql; `complexity_max` bounds the sum of a document's fields, `introspection`
/// says whether `__schema` and `__type` answer.
#[must_use]
pub fn tenant_schema(gateway: Gateway, complexity_max: usize, introspection: bool) -> TenantSchema {
    let builder = tenant_schema_builder()
        .data(gateway)
        .limit_complexity(complexity_max);
    if introspection {
        builder
    } else {
        builder.disable_introspection()
    }
    .finish()
}

/// The schema of /platform/graphql; bounds as [`tenant_schema`].
#[must_use]
pub fn platform_schema(
    gateway: Gateway,
    complexity_max: usize,
    introspection: bool,
) -> PlatformSchema {
    let builder = platform_schema_builder()
        .data(gateway)
        .limit_complexity(complexity_max);
    if introspection {
        builder
    } else {
        builder.disable_introspection()
    }
    .finish()
}

/// Both schemas as text, `(tenant, platform)`; what `hansa schema` prints.
#[must_use]
pub fn print_schemas() -> (String, String) {
    (
        tenant_schema_builder().finish().sdl(),
        platform_schema_builder().finish().sdl(),
    )
}

fn tenant_schema_builder() -> SchemaBuilder<TenantQuery, TenantMutation, Subscription> {
    Schema::build(
        TenantQuery::default(),
        TenantMutation::default(),
        Subscription,
    )
    .limit_depth(DEPTH_MAX)
    .limit_directives(DIRECTIVES_MAX)
}

fn platform_schema_builder() -> SchemaBuilder<PlatformQuery, PlatformMutation, EmptySubscription> {
    Schema::build(
        PlatformQuery::default(),
        PlatformMutation::default(),
        EmptySubscription,
    )
    .limit_depth(DEPTH_MAX)
    .limit_directives(DIRECTIVES_MAX)
}
