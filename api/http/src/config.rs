//! The configuration of the edge: what the outside may ask for, how much of it at once, and what
//! this deployment is called from there. Every queue, body and list of this crate has its bound
//! here.

use std::time::Duration;

use kernel::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The edge: HTTP, GraphQL and sockets.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HttpConfig {
    /// Where browsers reach this deployment, without a path. With https, cookies are `Secure` and
    /// prefixed `__Host-`. Not set: only the address a loopback listener is reached by is trusted.
    pub public_url: String,
    /// Other origins whose pages may open sockets and send requests, without cookies.
    pub allowed_origins: Vec<String>,
    /// How many proxies of ours stand before the server and append to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// What a scraper of `/metrics` presents as bearer token. Not set: only loopback may read it.
    #[schemars(with = "String", extend("x-secret" = true))]
    pub metrics_token: Secret,
    /// A folder with the built frontend, instead of the one inside the binary.
    pub frontend_dir: String,
    /// Whether `__schema` and `__type` answer; otherwise they are null.
    pub introspection: bool,
    /// Bounds of one GraphQL request.
    pub graphql: GraphqlLimits,
    /// Bounds of a live socket.
    pub socket: SocketLimits,
    /// How events reach the sockets.
    pub fanout: FanoutLimits,
}

impl HttpConfig {
    /// Small bounds and short times, introspection on.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            introspection: true,
            graphql: GraphqlLimits::for_testing(),
            socket: SocketLimits::for_testing(),
            fanout: FanoutLimits::for_testing(),
            ..Self::default()
        }
    }
}

/// Bounds of one GraphQL request, all checked before anything is executed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GraphqlLimits {
    /// The largest body of a POST, in bytes; more is not read.
    pub body_bytes_max: usize,
    /// Requests in one batch.
    pub batch_max: usize,
    /// Levels of nested fields, fragments included.
    pub depth_max: usize,
    /// Levels of brackets in the text, checked before it is parsed.
    pub nesting_max: usize,
    /// Lexical tokens of the document.
    pub tokens_max: usize,
    /// Selections after every fragment is put where it is spread.
    pub selections_max: u64,
    /// Fields with an alias, counted like selections.
    pub aliases_max: u64,
    /// Directives in the text.
    pub directives_max: usize,
    /// The sum that the schema's complexity rules may reach; `api-graphql` sets it on the schema.
    pub complexity_max: usize,
}

impl Default for GraphqlLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            batch_max: 10,
            depth_max: 15,
            nesting_max: 32,
            tokens_max: 4_000,
            selections_max: 2_000,
            aliases_max: 60,
            directives_max: 50,
            complexity_max: 20_000,
        }
    }
}

impl GraphqlLimits {
    /// Limits that a short document reaches.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            body_bytes_max: 16 * 1024,
            batch_max: 3,
            selections_max: 200,
            aliases_max: 10,
            directives_max: 10,
            tokens_max: 1_000,
            ..Self::default()
        }
    }
}

/// Bounds of a live socket.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SocketLimits {
    /// Sockets of this process.
    pub sockets_max: usize,
    /// Sockets of one member in this process.
    pub per_member_max: usize,
    /// Subscriptions that are open at once on one socket.
    pub subscriptions_max: usize,
    /// Queries and mutations that run at once on one socket.
    pub operations_max: usize,
    /// The largest message from a client, in bytes.
    pub message_bytes_max: usize,
    /// Messages that wait for a slow reader; the next one closes it.
    pub queue_frames_max: usize,
    /// Bytes that wait for a slow reader; more close it.
    pub queue_bytes_max: usize,
    /// How long a reader may take nothing at all while something waits, in milliseconds.
    pub stalled_ms: u64,
    /// How long a client may take to begin, in milliseconds.
    pub init_timeout_ms: u64,
    /// How often the server pings, in milliseconds.
    pub ping_ms: u64,
    /// How long a client may be silent, pongs included, in milliseconds.
    pub idle_ms: u64,
    /// How often a socket's session is looked up again, in milliseconds.
    pub reauthenticate_ms: u64,
    /// Over which time a graceful stop closes all sockets, in milliseconds.
    pub drain_ms: u64,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            sockets_max: 50_000,
            per_member_max: 20,
            subscriptions_max: 8,
            operations_max: 16,
            message_bytes_max: 256 * 1024,
            queue_frames_max: 512,
            queue_bytes_max: 2 * 1024 * 1024,
            stalled_ms: 30_000,
            init_timeout_ms: 10_000,
            ping_ms: 20_000,
            idle_ms: 65_000,
            reauthenticate_ms: 60_000,
            drain_ms: 10_000,
        }
    }
}

impl SocketLimits {
    /// Limits that a test reaches.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            per_member_max: 200,
            subscriptions_max: 3,
            operations_max: 4,
            message_bytes_max: 16 * 1024,
            queue_frames_max: 64,
            queue_bytes_max: 64 * 1024,
            stalled_ms: 2_000,
            init_timeout_ms: 400,
            ping_ms: 200,
            idle_ms: 5_000,
            reauthenticate_ms: 300,
            drain_ms: 300,
            ..Self::default()
        }
    }
}

/// How events reach the sockets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FanoutLimits {
    /// Distinct subscription documents of one tenant in this process.
    pub documents_max: usize,
    /// How long an event waits for the one before it, in milliseconds.
    pub gap_wait_ms: u64,
    /// Events of one conversation that wait for the one before them.
    pub gap_events_max: usize,
    /// Entries that are fetched at once for a gap; what is older is left to the clients' own sync.
    pub gap_entries_max: u32,
    /// How often heads are compared with the store, in milliseconds.
    pub head_check_ms: u64,
}

impl Default for FanoutLimits {
    fn default() -> Self {
        Self {
            documents_max: 64,
            gap_wait_ms: 200,
            gap_events_max: 256,
            gap_entries_max: 200,
            head_check_ms: 15_000,
        }
    }
}

impl FanoutLimits {
    /// Limits that a test reaches.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            documents_max: 4,
            gap_wait_ms: 100,
            head_check_ms: 300,
            ..Self::default()
        }
    }
}

/// A key that counts milliseconds, as a duration.
pub(crate) fn ms(value: u64) -> Duration {
    Duration::from_millis(value)
}
