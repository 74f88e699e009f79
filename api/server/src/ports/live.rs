//! What live sockets need of conversations: who hears an event, what a log says, who is connected.

use std::sync::Arc;

use api_http::{
    Audience,
    ports::{Log, MemberHead, PortError, Presence, Recipients},
};
use async_trait::async_trait;
use tenancy_chat as chat;
use tenancy_model::{ConversationId, MemberId, TenantEvent, TenantId};
use tenancy_store::Stores;

/// Conversations, as the fan-out sees them.
pub(crate) struct Live {
    pub(crate) stores: Stores,
    pub(crate) memberships: chat::Memberships,
    pub(crate) presence: Arc<chat::Presence>,
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError(error.into())
}

#[async_trait]
impl Recipients for Live {
    async fn hears(&self, event: &TenantEvent) -> Result<Audience, PortError> {
        let store = self.stores.tenant(event.tenant).await.map_err(failed)?;
        self.memberships
            .hears(&store, &event.body)
            .await
            .map_err(failed)
    }

    fn forget(&self) {
        self.memberships.forget_all();
    }
}

#[async_trait]
impl Log for Live {
    async fn heads_of_members(
        &self,
        tenant: TenantId,
        members: &[MemberId],
    ) -> Result<Vec<MemberHead>, PortError> {
        let store = self.stores.tenant(tenant).await.map_err(failed)?;
        chat::heads_of_members(&store, members)
            .await
            .map_err(failed)
    }

    async fn heads(
        &self,
        tenant: TenantId,
        conversations: &[ConversationId],
    ) -> Result<Vec<(ConversationId, i64)>, PortError> {
        let store = self.stores.tenant(tenant).await.map_err(failed)?;
        chat::heads(&store, conversations).await.map_err(failed)
    }

    async fn entries_after(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<TenantEvent>, PortError> {
        let store = self.stores.tenant(tenant).await.map_err(failed)?;
        let entries = chat::entries_after(&store, conversation, seq, limit).await;
        let event = |entry: chat::Entry| TenantEvent {
            tenant,
            body: entry.event(),
        };
        Ok(entries.map_err(failed)?.into_iter().map(event).collect())
    }
}

#[async_trait]
impl Presence for Live {
    async fn opened(&self, tenant: TenantId, member: MemberId) {
        self.presence.opened(tenant, member).await;
    }

    async fn closed(&self, tenant: TenantId, member: MemberId) {
        self.presence.closed(tenant, member).await;
    }

    async fn connected(&self, tenant: TenantId, members: &[MemberId]) {
        self.presence.connected(tenant, members).await;
    }
}
