//! How a resolver changes the caller's cookies without knowing HTTP: it puts a change into
//! [`SessionChanges`], and `api-http` turns the changes into `Set-Cookie` headers of the answer.
//!
//! Every request that came over HTTP has one, and none that came over a socket:
//! a verb that begins a session refuses there.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::Secret;
use tenancy_model::TenantId;

/// Which cookie a session lives in; the first two hold one session a tenant (DESIGN 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The chat client, in this tenant.
    Member(TenantId),
    /// The console, in this tenant.
    Console(TenantId),
    /// Outside any tenant.
    Platform,
}

/// One change of the caller's cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionChange {
    /// A session began: the browser keeps `token` for `max_age_s` seconds.
    Begin {
        /// Where.
        door: Door,
        /// What the browser shows from now on.
        token: Secret,
        /// How long the browser keeps it.
        max_age_s: i64,
    },
    /// The session ended: the browser forgets its token.
    End {
        /// Where.
        door: Door,
    },
}

/// The changes of one request, in order. Clones share the same list.
#[derive(Debug, Clone, Default)]
pub struct SessionChanges(Arc<Mutex<Vec<SessionChange>>>);

impl SessionChanges {
    /// Adds a change; applied when the whole request has been answered.
    pub fn push(&self, change: SessionChange) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(change);
    }

    /// Takes what was added.
    #[must_use]
    pub fn take(&self) -> Vec<SessionChange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
