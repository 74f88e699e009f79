//! The first argument of every verb of an operator: who, from where, and the registry. It has no
//! way to open a tenant's store, so no resolver of the platform schema can read what members wrote.

use std::sync::Arc;

use tenancy_access::Origin;
use tenancy_model::{Language, PlatformAccountId, PlatformSessionId};

use crate::Registry;

/// What the log of a tenant calls whoever acted with an operator's rights.
const OPERATOR: &str = "operator";
const COMMAND_LINE: &str = "operator (command line)";

/// An operator, through a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Whose session.
    pub account: PlatformAccountId,
    /// Their name as of now.
    pub name: String,
    /// Their e-mail, which they sign in with.
    pub email: String,
    /// The language they chose; `None`: the browser's.
    pub language: Option<Language>,
    /// Through which session.
    pub session: PlatformSessionId,
}

/// Who and from where, for one operation outside any tenant.
#[derive(Clone)]
pub struct PlatformContext {
    pub(crate) registry: Arc<Registry>,
    operator: Operator,
    origin: Origin,
}

impl PlatformContext {
    /// For the edge, which has just authenticated `operator`.
    #[must_use]
    pub fn new(registry: Arc<Registry>, operator: Operator, origin: Origin) -> Self {
        Self {
            registry,
            operator,
            origin,
        }
    }

    /// Who performs the operation.
    #[must_use]
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// From where.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// Who acts on a tenant from outside: an operator through a session, or whoever has the command
/// line of the server.
pub struct Steward<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) origin: Origin,
    /// What the tenant's own log calls them.
    pub(crate) name: &'static str,
    /// Their account, where there is one.
    pub(crate) account: Option<PlatformAccountId>,
}

impl<'a> Steward<'a> {
    /// Whoever has the command line.
    #[must_use]
    pub fn command_line(registry: &'a Registry) -> Self {
        Self {
            registry,
            origin: Origin::job(),
            name: COMMAND_LINE,
            account: None,
        }
    }
}

impl<'a> From<&'a PlatformContext> for Steward<'a> {
    fn from(ctx: &'a PlatformContext) -> Self {
        Self {
            registry: &ctx.registry,
            origin: ctx.origin.clone(),
            name: OPERATOR,
            account: Some(ctx.operator.account),
        }
    }
}
