//! Who performs an operation, and from where.

use std::{collections::BTreeSet, net::IpAddr};

use tenancy_model::{DeviceType, Language, MemberId, Permission, Role, SessionId, Surface};

/// Whoever performs the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A member, through a session.
    Member {
        /// Who.
        member: MemberId,
        /// Their name as of now, for the log and for entries.
        name: String,
        /// Through which session.
        session: SessionId,
        /// Which door it came through.
        surface: Surface,
        /// The roles they hold.
        roles: BTreeSet<Role>,
        /// What these roles permit.
        permissions: BTreeSet<Permission>,
        /// Whether the initial password must be changed before anything else (SEC-06).
        must_change_password: bool,
    },
    /// The founder: enterprise number and super password, console only (TEN-01).
    Founder {
        /// Through which session.
        session: SessionId,
    },
    /// Work that the product does by itself, or that an operator started by hand.
    Job {
        /// Which, for the log.
        name: &'static str,
    },
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The client's address; `None` for work of our own.
    pub ip: Option<IpAddr>,
    /// Browser and system in words.
    pub device: String,
    /// What counts as one device beside another.
    pub device_type: DeviceType,
    /// The language of the answer.
    pub language: Language,
}

impl Origin {
    /// The origin of work that the product does by itself.
    #[must_use]
    pub fn job() -> Self {
        Self {
            ip: None,
            device: String::new(),
            device_type: DeviceType::Api,
            language: Language::default(),
        }
    }
}

impl Actor {
    /// The member, where it is one.
    #[must_use]
    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Member { member, .. } => Some(*member),
            Self::Founder { .. } | Self::Job { .. } => None,
        }
    }

    /// The session, where there is one.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Member { session, .. } | Self::Founder { session } => Some(*session),
            Self::Job { .. } => None,
        }
    }
}
