//! What everybody may know of the deployment.

use async_graphql::{Context, Object, SimpleObject};
use tenancy_registry::host_name_check;

use crate::{
    Gateway,
    context::{LimitedAction, language, limit_source},
    error::{ProblemObject, domain},
};

/// What everybody may know of the deployment.
#[derive(SimpleObject)]
pub struct Deployment {
    name: String,
    /// True where there is no SMTP and the server listens on loopback: mails are readable under
    /// /operator/mailbox.
    local_mailbox: bool,
    /// Accounts of the demonstration, only on loopback.
    demonstration: Vec<DemonstrationAccount>,
    terms_version: String,
    terms_text: String,
    /// Keys; clients have the words.
    industries: Vec<String>,
    trial_seats: i32,
    trial_days: i32,
    version: String,
}

/// Who one can sign in as to look around.
#[derive(SimpleObject)]
pub struct DemonstrationAccount {
    company: String,
    host_name: String,
    account: String,
    password: String,
    note: String,
}

/// Whether a host name can be had.
#[derive(SimpleObject)]
pub struct HostNameCheck {
    host_name: String,
    available: bool,
    problem: Option<ProblemObject>,
    suggestion: Option<String>,
}

#[derive(Default)]
pub(super) struct DeploymentQuery;

#[Object]
impl DeploymentQuery {
    /// What everybody may know of the deployment.
    async fn deployment(&self, ctx: &Context<'_>) -> async_graphql::Result<Deployment> {
        let found = ctx.data::<Gateway>()?.registry.deployment(language(ctx));
        let demonstration = found.demonstration.into_iter().map(Into::into).collect();
        Ok(Deployment {
            name: found.name,
            local_mailbox: found.local_mailbox,
            demonstration,
            terms_version: found.terms_version,
            terms_text: found.terms_text,
            industries: found
                .industries
                .iter()
                .map(|key| (*key).to_owned())
                .collect(),
            trial_seats: i32::try_from(found.trial.seats).unwrap_or(i32::MAX),
            trial_days: i32::try_from(found.trial.days).unwrap_or(i32::MAX),
            version: found.version.to_owned(),
        })
    }

    /// Whether a host name can be had; names a similar one where it cannot.
    async fn host_name_check(
        &self,
        ctx: &Context<'_>,
        host_name: String,
    ) -> async_graphql::Result<HostNameCheck> {
        limit_source(ctx, LimitedAction::Api).await?;
        let registry = &ctx.data::<Gateway>()?.registry;
        let found = host_name_check(registry, &host_name)
            .await
            .map_err(domain)?;
        let language = language(ctx);
        Ok(HostNameCheck {
            host_name: found.host_name,
            available: found.problem.is_none(),
            problem: found
                .problem
                .map(|problem| ProblemObject::new(&problem, language)),
            suggestion: found.suggestion,
        })
    }
}

impl From<tenancy_registry::DemonstrationAccount> for DemonstrationAccount {
    fn from(account: tenancy_registry::DemonstrationAccount) -> Self {
        Self {
            company: account.company,
            host_name: account.host_name,
            account: account.account,
            password: account.password,
            note: account.note,
        }
    }
}
