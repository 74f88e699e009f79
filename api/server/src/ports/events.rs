//! Subscriptions, executed once an event without a viewer (DESIGN.md 6).

use api_graphql::{TenantSchema, check_event_document, execute_event};
use api_http::{fanout::document::EventDocument, ports::EventExecutor};
use async_graphql::Response;
use async_trait::async_trait;
use tenancy_model::TenantEvent;

/// The schema of /graphql, as the fan-out sees it.
pub(crate) struct SchemaEvents(pub(crate) TenantSchema);

#[async_trait]
impl EventExecutor for SchemaEvents {
    async fn check(&self, document: &EventDocument) -> Result<(), Box<Response>> {
        check_event_document(&self.0, document.request()).await
    }

    async fn execute(&self, document: &EventDocument, event: &TenantEvent) -> Option<Response> {
        execute_event(&self.0, document.request(), event.clone()).await
    }
}
