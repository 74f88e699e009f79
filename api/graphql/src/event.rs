//! Running a subscription for one event, without a viewer (DESIGN.md 6). The edge does it once for
//! all sockets that sent the same document.

use async_graphql::{Request, Response};
use futures::StreamExt as _;
use tenancy_model::TenantEvent;

use crate::TenantSchema;

/// Whether a document can be subscribed with: the errors, if it cannot. Executed without an event,
/// a good document answers nothing.
///
/// # Errors
/// The answer to give instead.
pub async fn check_event_document(
    schema: &TenantSchema,
    request: Request,
) -> Result<(), Box<Response>> {
    match schema.execute_stream(request).next().await {
        Some(response) => Err(Box::new(response)),
        None => Ok(()),
    }
}

/// What the document's subscribers are told of `event`; nothing where it is not shown to them.
pub async fn execute_event(
    schema: &TenantSchema,
    request: Request,
    event: TenantEvent,
) -> Option<Response> {
    schema.execute_stream(request.data(event)).next().await
}
