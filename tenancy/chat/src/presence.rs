//! Who is connected. Kept in values that expire, never in SQL: each process writes that it has
//! sockets of a member, so that a process that dies takes its members with it after
//! [`PRESENT_FOR`].

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::{StreamExt as _, stream};
use platform::ephemeral::Ephemeral;
use tenancy_access::Services;
use tenancy_model::{EventBody, MemberId, TenantId};

/// How long a member counts as connected without being told again; three times the beat at which
/// the edge repeats it.
pub(crate) const PRESENT_FOR: Duration = Duration::from_secs(45);
/// Characters of a process's name.
const PROCESS_CHARS: usize = 12;
/// Questions to the store of values at once.
const AT_ONCE: usize = 64;

/// The presence of members, as this process knows and tells it.
#[derive(Clone)]
pub struct Presence {
    values: Arc<dyn Ephemeral>,
    services: Services,
    /// This process, among those that share the values.
    process: Arc<str>,
}

impl Presence {
    /// Nobody is connected to this process yet.
    #[must_use]
    pub fn new(values: Arc<dyn Ephemeral>, services: Services) -> Self {
        let name = services
            .rng
            .text(b"abcdefghijklmnopqrstuvwxyz", PROCESS_CHARS);
        Self {
            values,
            services,
            process: name.into(),
        }
    }

    /// A member's first socket in this process opened. Tells the tenant if no other process had
    /// one.
    pub async fn opened(&self, tenant: TenantId, member: MemberId) {
        let was_online = self.is_online(tenant, member).await;
        self.connected(tenant, &[member]).await;
        if !was_online {
            self.tell(tenant, member, true).await;
        }
    }

    /// The last one closed. Tells the tenant if no other process has one.
    pub async fn closed(&self, tenant: TenantId, member: MemberId) {
        let group = group(tenant, member);
        if let Err(error) = self.values.remove(&group, &self.process).await {
            tracing::warn!(%error, "a presence was not removed; it expires");
        }
        if !self.is_online(tenant, member).await {
            self.tell(tenant, member, false).await;
        }
    }

    /// These members are still connected to this process; to be repeated more often than
    /// [`PRESENT_FOR`].
    pub async fn connected(&self, tenant: TenantId, members: &[MemberId]) {
        let set = |member: MemberId| async move {
            let group = group(tenant, member);
            let kept = self.values.set_for(&group, &self.process, "", PRESENT_FOR);
            kept.await
        };
        let mut results = stream::iter(members.iter().copied().map(set)).buffer_unordered(AT_ONCE);
        while let Some(result) = results.next().await {
            if let Err(error) = result {
                tracing::warn!(%error, "a presence was not kept");
            }
        }
    }

    /// Which of `members` are connected to any process. Nobody, while the values are away: presence
    /// is a hint.
    pub async fn online(&self, tenant: TenantId, members: &[MemberId]) -> HashSet<MemberId> {
        let ask = |member: MemberId| async move {
            let online = self.is_online(tenant, member).await;
            online.then_some(member)
        };
        stream::iter(members.iter().copied().map(ask))
            .buffer_unordered(AT_ONCE)
            .filter_map(|member| async move { member })
            .collect()
            .await
    }

    async fn is_online(&self, tenant: TenantId, member: MemberId) -> bool {
        match self.values.list(&group(tenant, member)).await {
            Ok(processes) => !processes.is_empty(),
            Err(error) => {
                tracing::warn!(%error, "a presence was not read");
                false
            }
        }
    }

    async fn tell(&self, tenant: TenantId, member: MemberId, online: bool) {
        let event = EventBody::Presence { member, online };
        self.services.publish(tenant, event).await;
    }
}

fn group(tenant: TenantId, member: MemberId) -> String {
    format!("presence:{tenant}:{member}")
}
