//! Who a caller is: the session behind the cookie or bearer token, inside the tenant that was
//! named. One of the four places that build a `TenantContext`.

use std::sync::Arc;

use api_graphql::{
    ActionLimiter, Gateway, PlatformRequest, RequestScope, SessionChanges, TenantRequest,
};
use api_http::{
    Authenticated, Authenticator, Identity, TenantSession,
    extract::caller::{Caller, Credential, Side},
    ports::{PortError, RequestData},
};
use async_graphql::Data;
use async_trait::async_trait;
use kernel::Secret;
use tenancy_access::{DomainError, Origin, TenantContext, authenticate};
use tenancy_model::{DeviceType, ErrorCode, Surface};
use tenancy_registry::{PlatformContext, operator_authenticate, visit_by_id};

use crate::user_agent;

/// Looks sessions up for the edge.
pub(crate) struct SessionAuthenticator {
    /// Shared by what every socket keeps of its session.
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) limiter: Arc<dyn ActionLimiter>,
}

#[async_trait]
impl Authenticator for SessionAuthenticator {
    async fn authenticate(&self, caller: &Caller) -> Result<Authenticated, PortError> {
        match caller.side {
            Side::Tenant => self.tenant(caller).await,
            Side::Platform => self.platform(caller).await,
        }
    }

    async fn tenant_context(&self, caller: &Caller) -> Result<Option<TenantContext>, PortError> {
        Ok(nobody_if_gone(self.context(caller).await)?.flatten())
    }
}

impl SessionAuthenticator {
    async fn tenant(&self, caller: &Caller) -> Result<Authenticated, PortError> {
        let context = Authenticator::tenant_context(self, caller).await?;
        let identity = context.as_ref().and_then(|context| {
            Some(Identity::Tenant(TenantSession {
                tenant: context.tenant_id(),
                session: context.actor.session()?,
                member: context.actor.member(),
                surface: caller.surface,
            }))
        });
        let (gateway, scope) = (self.gateway.clone(), self.scope(caller));
        let data: RequestData = Arc::new(move |data, changes| {
            data.insert(TenantRequest::new(context.clone(), scope.clone(), &gateway));
            insert_changes(data, changes);
        });
        Ok(Authenticated { identity, data })
    }

    async fn context(&self, caller: &Caller) -> Result<Option<TenantContext>, DomainError> {
        let (Some(tenant), Some(token)) = (caller.tenant, token(caller)) else {
            return Ok(None);
        };
        let visit = visit_by_id(&self.gateway.registry, origin(caller), tenant).await?;
        authenticate(&visit, caller.surface, token).await.map(Some)
    }

    async fn platform(&self, caller: &Caller) -> Result<Authenticated, PortError> {
        let registry = &self.gateway.registry;
        let operator = match token(caller) {
            Some(token) => nobody_if_gone(operator_authenticate(registry, token).await)?.flatten(),
            None => None,
        };
        let identity = operator
            .as_ref()
            .map(|operator| Identity::Platform(operator.session.uuid()));
        let context = operator
            .map(|operator| PlatformContext::new(registry.clone(), operator, origin(caller)));
        let scope = self.scope(caller);
        let data: RequestData = Arc::new(move |data, changes| {
            data.insert(PlatformRequest::new(context.clone(), scope.clone()));
            insert_changes(data, changes);
        });
        Ok(Authenticated { identity, data })
    }

    fn scope(&self, caller: &Caller) -> RequestScope {
        RequestScope {
            origin: origin(caller),
            limiter: self.limiter.clone(),
        }
    }
}

/// Over HTTP there are cookies to change; over a socket there are none.
fn insert_changes(data: &mut Data, changes: Option<&SessionChanges>) {
    if let Some(changes) = changes {
        data.insert(changes.clone());
    }
}

/// A session that ended, a tenant that is closed or unknown: all of them are nobody. Only what may
/// be another answer a moment later is an error.
fn nobody_if_gone<T>(result: Result<T, DomainError>) -> Result<Option<T>, PortError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(DomainError::Refused(problem)) if problem.code != ErrorCode::RateLimited => Ok(None),
        Err(DomainError::Fault(_)) => Ok(None),
        Err(DomainError::Store(
            tenancy_store::StoreError::TenantUnknown(_)
            | tenancy_store::StoreError::TenantClosed(_),
        )) => Ok(None),
        Err(error) => Err(PortError(Box::new(error))),
    }
}

fn token(caller: &Caller) -> Option<&Secret> {
    match caller.credential.as_ref()? {
        Credential::Cookie(token) | Credential::Bearer(token) => Some(token),
    }
}

fn origin(caller: &Caller) -> Origin {
    let agent = user_agent::describe(&caller.user_agent);
    Origin {
        ip: Some(caller.client_ip),
        device: agent.words,
        device_type: match caller.surface {
            Surface::Member if agent.mobile => DeviceType::Mobile,
            Surface::Member => DeviceType::Desktop,
            Surface::Console => DeviceType::Console,
            Surface::Api => DeviceType::Api,
        },
        language: caller.language.unwrap_or_default(),
    }
}
