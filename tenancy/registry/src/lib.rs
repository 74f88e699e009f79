//! Tenants as such: how one comes to be, changes its state and ends; and the operators who look
//! after them. Nothing here reads what members wrote.
//!
//! | file | what |
//! | --- | --- |
//! | `registry.rs` | [`Registry`]: what the verbs need of their process |
//! | `platform_context.rs` | [`PlatformContext`]: first argument of an operator's verbs |
//! | `ports.rs` | what is asked of billing (terms) and of tests (provisioning watched) |
//! | `signup/` | form, code by mail, confirmation |
//! | `provision.rs`, `sweep.rs` | making a tenant wholly or not at all; what a crash left |
//! | `lifecycle/` | suspend, resume, verify, close, erase, migrate again |
//! | `host_name.rs`, `number.rs` | the two names a tenant is reached by |
//! | `operator/` | claim, accounts, sign-in, sessions |
//! | `tenants.rs`, `usage.rs`, `summary.rs`, `mails.rs`, `shards.rs` | the operator's lists |
//! | `deployment.rs`, `terms.rs`, `industries.rs` | what everybody may know |
//! | `visit.rs`, `company.rs` | from a name to its tenant; the company page |
//! | `demonstration.rs` | two companies to look at |
//!
//! To add a verb of an operator: a file with the function (`&PlatformContext` first, or [`Steward`]
//! where the command line may do it too), its refusals in its `# Errors`, a test beside it.
#![deny(missing_docs)]

mod company;
mod config;
mod demonstration;
mod demonstration_people;
mod deployment;
mod entity;
mod host_name;
mod industries;
mod lifecycle;
mod mails;
mod number;
mod operator;
mod platform_context;
mod ports;
mod provision;
mod registry;
mod secret;
mod shards;
mod signup;
mod summary;
mod sweep;
mod tenants;
mod terms;
#[cfg(test)]
mod tests;
mod usage;
mod visit;

pub use company::{CompanyUpdate, company_seats_used, company_update};
pub use config::RegistryConfig;
pub use demonstration::{
    DemonstrationAccount, DemonstrationCompany, demonstration_accounts, demonstration_ensure,
};
pub use deployment::Deployment;
pub use host_name::{
    HOST_NAME_CHARS_MAX, HOST_NAME_CHARS_MIN, HOST_NAME_REST_DAYS, HostNameCheck, host_name_check,
};
pub use industries::{INDUSTRIES, is_industry};
pub use lifecycle::{
    tenant_close, tenant_erase, tenant_migrate, tenant_resume, tenant_suspend, tenant_verify,
};
pub use mails::{platform_mail, platform_mails};
pub use operator::{
    CLAIM_PATH, OperatorForm, SignedIn, operator_authenticate, operator_claim, operator_claim_link,
    operator_create, operator_language_set, operator_sign_in, operator_sign_out,
};
pub use platform_context::{Operator, PlatformContext, Steward};
pub use ports::{
    FirstGrant, FirstTerms, NoWatcher, ProvisionStep, ProvisionWatcher, TermsOverview, TermsReader,
    TrialOffer,
};
pub use provision::{FOUNDER_ACCOUNT, ProvisionRequest, provision};
pub use registry::{Registry, RegistryParts};
pub use shards::shards;
pub use signup::{
    GUESSES_MAX, RESENDS_MAX, SignedUpTenant, SignupConfirm, SignupForm, SignupStarted,
    signup_confirm, signup_resend, signup_start,
};
pub use summary::{OperatorSummary, operator_summary};
pub use sweep::{SWEEP_EVERY, SWEEP_JOB, sweep};
pub use tenants::{TenantFilter, TenantView, later, tenant, tenants, tenants_by_id};
pub use terms::terms_text;
pub use usage::{TenantUsage, tenant_usage};
pub use visit::{visit, visit_by_id};
