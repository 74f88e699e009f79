//! Who a session is, and coming and going: sign-in, passwords, sign-out (SEC-01 to SEC-28).

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use kernel::Secret;
use tenancy_access::{
    SignInInput as SignInVerb, Visit, language_set, password_change, password_forgot,
    password_rule, password_set, sign_in, sign_out, viewer,
};
use tenancy_model::{MemberId, Problem};
use tenancy_registry::visit;

use super::{loader, member::Member};
use crate::{
    Door, Gateway, SessionChange,
    context::{LimitedAction, change_session, language, limit_source, scope, tenant, tenant_opt},
    enums::{Language, Permission, Role, Surface},
    error::{ProblemObject, domain, refused},
    id::print,
    int::int,
};

/// Who this session is.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Viewer {
    tenant_id: ID,
    session_id: ID,
    surface: Surface,
    #[graphql(skip)]
    member_id: Option<MemberId>,
    roles: Vec<Role>,
    permissions: Vec<Permission>,
    /// The initial password must be changed before anything else (SEC-06).
    must_change_password: bool,
    /// The language this person chose; null: the browser's.
    language: Option<Language>,
}

#[ComplexObject]
impl Viewer {
    /// Null for the founder, who signed in to the console with enterprise number and super
    /// password.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Member>> {
        match self.member_id {
            Some(id) => loader::own_member(ctx, id).await,
            None => Ok(None),
        }
    }
}

impl From<tenancy_access::Viewer> for Viewer {
    fn from(viewer: tenancy_access::Viewer) -> Self {
        Self {
            tenant_id: print(viewer.tenant),
            session_id: print(viewer.session),
            surface: viewer.surface.into(),
            member_id: viewer.member,
            roles: viewer.roles.into_iter().map(Into::into).collect(),
            permissions: viewer.permissions.into_iter().map(Into::into).collect(),
            must_change_password: viewer.must_change_password,
            language: viewer.language.map(Into::into),
        }
    }
}

/// What a password must be like.
#[derive(SimpleObject)]
pub struct PasswordRule {
    min_length: i32,
    max_length: i32,
    /// Upper and lower case, digits and special characters (SEC-08).
    strong: bool,
}

/// `tenant` is a host name or an enterprise number. With the enterprise number, an empty account
/// and surface CONSOLE the password is the super password.
#[derive(InputObject)]
pub struct SignInInput {
    tenant: String,
    account: String,
    password: String,
    surface: Surface,
}

/// Signed in, or why not.
#[derive(SimpleObject, Default)]
pub struct SignInPayload {
    problem: Option<ProblemObject>,
    viewer: Option<Viewer>,
    /// The bearer token, for surface API alone; browsers get a cookie.
    token: Option<String>,
    /// Devices of the same type that this sign-in signed out, in words.
    replaced: Vec<String>,
}

/// Whose password was forgotten.
#[derive(InputObject)]
pub struct PasswordForgotInput {
    tenant: String,
    account: String,
}

/// A link was mailed, if there is somewhere to mail it.
#[derive(SimpleObject)]
pub struct PasswordForgotPayload {
    problem: Option<ProblemObject>,
}

/// The one-time link, and the new password.
#[derive(InputObject)]
pub struct PasswordSetInput {
    tenant: String,
    token: String,
    password: String,
}

/// The password is set.
#[derive(SimpleObject)]
pub struct PasswordSetPayload {
    problem: Option<ProblemObject>,
    /// To prefill the sign-in form.
    account: Option<String>,
}

/// The session has ended.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    problem: Option<ProblemObject>,
}

/// The old password, and the new one.
#[derive(InputObject)]
pub struct PasswordChangeInput {
    old_password: String,
    new_password: String,
}

/// The password is changed; other sessions of this person have ended.
#[derive(SimpleObject)]
pub struct PasswordChangePayload {
    problem: Option<ProblemObject>,
    viewer: Option<Viewer>,
}

#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who this session is. Null without a session (the only field that answers so).
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Viewer>> {
        match tenant_opt(ctx) {
            Some(caller) => Ok(Some(viewer(caller).await.map_err(domain)?.into())),
            None => Ok(None),
        }
    }

    /// What a new password must be like in this company.
    async fn password_rule(&self, ctx: &Context<'_>) -> async_graphql::Result<PasswordRule> {
        let visit = Visit::from(tenant(ctx)?);
        let rule = password_rule(&visit).await.map_err(domain)?;
        Ok(PasswordRule {
            min_length: int(rule.min_length),
            max_length: int(rule.max_length),
            strong: rule.strong,
        })
    }
}

#[derive(Default)]
pub(super) struct ViewerMutation;

#[Object]
impl ViewerMutation {
    /// Signs in. Refusals are the texts of SEC-26.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        input: SignInInput,
    ) -> async_graphql::Result<SignInPayload> {
        limit_source(ctx, LimitedAction::SignIn).await?;
        let entered = enter(ctx, &input).await;
        let signed_in = match refused(entered, language(ctx))? {
            Ok(signed_in) => signed_in,
            Err(problem) => {
                return Ok(SignInPayload {
                    problem: Some(problem),
                    ..SignInPayload::default()
                });
            }
        };
        let context = &signed_in.context;
        let door = match input.surface {
            Surface::Member => Some(Door::Member(context.tenant_id())),
            Surface::Console => Some(Door::Console(context.tenant_id())),
            Surface::Api => None,
        };
        let token = match door {
            Some(door) => {
                let (token, max_age_s) = (signed_in.token, signed_in.max_age_s);
                change_session(
                    ctx,
                    SessionChange::Begin {
                        door,
                        token,
                        max_age_s,
                    },
                )?;
                None
            }
            None => Some(signed_in.token.reveal().to_owned()),
        };
        let viewer = viewer(context).await.map_err(domain)?;
        loader::adopt(ctx, context.clone());
        Ok(SignInPayload {
            problem: None,
            viewer: Some(viewer.into()),
            token,
            replaced: signed_in.replaced,
        })
    }

    /// Mails a link to set a new password, where the account has an e-mail; answers the same when
    /// there is none (SEC-10).
    async fn password_forgot(
        &self,
        ctx: &Context<'_>,
        input: PasswordForgotInput,
    ) -> async_graphql::Result<PasswordForgotPayload> {
        limit_source(ctx, LimitedAction::Code).await?;
        let asked = async {
            let (visit, _) = visit(registry(ctx)?, origin(ctx)?, &input.tenant).await?;
            password_forgot(&visit, &input.account).await
        };
        let problem = refused(asked.await, language(ctx))?.err();
        Ok(PasswordForgotPayload { problem })
    }

    /// Sets a password by the one-time link of a mail; signs nobody in.
    async fn password_set(
        &self,
        ctx: &Context<'_>,
        input: PasswordSetInput,
    ) -> async_graphql::Result<PasswordSetPayload> {
        limit_source(ctx, LimitedAction::Code).await?;
        let verb = tenancy_access::PasswordSetInput {
            token: input.token.into(),
            password: input.password.into(),
        };
        let set = async {
            let (visit, _) = visit(registry(ctx)?, origin(ctx)?, &input.tenant).await?;
            password_set(&visit, &verb).await
        };
        Ok(match refused(set.await, language(ctx))? {
            Ok(account) => PasswordSetPayload {
                problem: None,
                account: Some(account),
            },
            Err(problem) => PasswordSetPayload {
                problem: Some(problem),
                account: None,
            },
        })
    }

    /// Ends this session (SEC-28).
    async fn sign_out(&self, ctx: &Context<'_>) -> async_graphql::Result<SignOutPayload> {
        let caller = tenant(ctx)?;
        let surface = viewer(caller).await.map_err(domain)?.surface;
        sign_out(caller).await.map_err(domain)?;
        let door = match surface {
            tenancy_model::Surface::Member => Some(Door::Member(caller.tenant_id())),
            tenancy_model::Surface::Console => Some(Door::Console(caller.tenant_id())),
            tenancy_model::Surface::Api => None,
        };
        if let Some(door) = door {
            change_session(ctx, SessionChange::End { door })?;
        }
        Ok(SignOutPayload { problem: None })
    }

    /// Changes one's own password (SEC-06, SEC-07).
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        input: PasswordChangeInput,
    ) -> async_graphql::Result<PasswordChangePayload> {
        limit_source(ctx, LimitedAction::SignIn).await?;
        let verb = tenancy_access::PasswordChangeInput {
            old_password: input.old_password.into(),
            new_password: input.new_password.into(),
        };
        let changed = password_change(tenant(ctx)?, &verb).await;
        Ok(match refused(changed, language(ctx))? {
            Ok(context) => {
                let viewer = viewer(&context).await.map_err(domain)?;
                PasswordChangePayload {
                    problem: None,
                    viewer: Some(viewer.into()),
                }
            }
            Err(problem) => PasswordChangePayload {
                problem: Some(problem),
                viewer: None,
            },
        })
    }

    /// Keeps the language this person chose.
    async fn language_set(
        &self,
        ctx: &Context<'_>,
        language: Language,
    ) -> async_graphql::Result<Viewer> {
        let changed = language_set(tenant(ctx)?, language.into()).await;
        Ok(changed.map_err(domain)?.into())
    }
}

async fn enter(
    ctx: &Context<'_>,
    input: &SignInInput,
) -> Result<tenancy_access::SignedIn, tenancy_access::DomainError> {
    let (visit, by_number) = visit(registry(ctx)?, origin(ctx)?, &input.tenant).await?;
    let verb = SignInVerb {
        account: input.account.clone(),
        password: Secret::from(input.password.as_str()),
        surface: input.surface.into(),
        by_number,
    };
    sign_in(&visit, &verb).await
}

fn registry<'a>(
    ctx: &Context<'a>,
) -> Result<&'a tenancy_registry::Registry, tenancy_access::DomainError> {
    let gateway = ctx.data_opt::<Gateway>().ok_or_else(forgotten)?;
    Ok(&gateway.registry)
}

fn origin(ctx: &Context<'_>) -> Result<tenancy_access::Origin, tenancy_access::DomainError> {
    scope(ctx)
        .map(|scope| scope.origin.clone())
        .map_err(|_| forgotten())
}

/// Only a program error leaves a request without these.
fn forgotten() -> tenancy_access::DomainError {
    let problem = Problem::new(tenancy_model::ErrorCode::Internal);
    tenancy_access::DomainError::internal("request without its scope", problem)
}
