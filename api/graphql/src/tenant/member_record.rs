//! Members as administrators see and keep them (DIR-10 to DIR-35).

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::{DomainError, MemberRolesSetInput as RolesSet, member_roles_set};
use tenancy_directory::{
    self as directory, MemberCreateInput as Create, MemberPasswordResetInput as PasswordReset,
    MemberRecordFilter, MemberStateSetInput as StateSet, MemberUpdateInput as Update,
    MembershipObserver,
};

use super::member::Member;
use crate::{
    Gateway,
    context::{language, tenant},
    enums::{MemberState, Role},
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::int,
    page::{self, connection},
};

/// A member with what administrators may know (MEMBERS_VIEW).
pub struct MemberRecord(directory::MemberRecord);

connection!(MemberRecordConnection, MemberRecordEdge, MemberRecord);

#[Object]
impl MemberRecord {
    async fn id(&self) -> ID {
        print(self.0.member.id)
    }
    async fn member(&self) -> Member {
        Member::new(self.0.member.clone())
    }
    async fn email(&self) -> Option<&str> {
        self.0.member.email.as_deref()
    }
    async fn mobile(&self) -> Option<&str> {
        self.0.member.mobile.as_deref()
    }
    /// A larger weight is shown earlier (DIR-19).
    async fn weight(&self) -> i32 {
        self.0.weight
    }
    async fn roles(&self) -> Vec<Role> {
        self.0.roles.iter().map(|role| (*role).into()).collect()
    }
    /// Whether they occupy a seat (DIR-31).
    async fn authorized(&self) -> bool {
        self.0.authorized
    }
    /// Too many wrong passwords (SEC-14).
    async fn locked(&self) -> bool {
        self.0.locked
    }
    async fn session_count(&self) -> i32 {
        int(self.0.session_count)
    }
    /// Null: never signed in.
    async fn last_sign_in_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_sign_in_at
    }
    /// Whether the initial password is still to be changed.
    async fn initial_password(&self) -> bool {
        self.0.initial_password
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A new member. At least one of e-mail and mobile (DIR-11) unless `slip` is true.
#[derive(InputObject)]
pub struct MemberCreateInput {
    name: String,
    account: String,
    department_ids: Vec<ID>,
    email: Option<String>,
    mobile: Option<String>,
    position: Option<String>,
    nickname: Option<String>,
    #[graphql(default)]
    slip: bool,
}

/// What the admin prints once: the only place where an initial password is ever shown.
#[derive(SimpleObject)]
pub struct PasswordSlip {
    host_name: String,
    enterprise_number: String,
    account: String,
    initial_password: String,
}

/// The member, made.
#[derive(SimpleObject, Default)]
pub struct MemberCreatePayload {
    problem: Option<ProblemObject>,
    member: Option<MemberRecord>,
    slip: Option<PasswordSlip>,
    /// Whether a link to set the password was mailed.
    mailed: bool,
}

/// What to change; what is absent stays, an empty text removes what may be absent.
#[derive(InputObject)]
pub struct MemberUpdateInput {
    id: ID,
    name: Option<String>,
    department_ids: Option<Vec<ID>>,
    email: Option<String>,
    mobile: Option<String>,
    position: Option<String>,
    nickname: Option<String>,
    weight: Option<i32>,
}

/// Whose password.
#[derive(InputObject)]
pub struct MemberPasswordResetInput {
    id: ID,
    #[graphql(default)]
    slip: bool,
}

/// A new initial password, or a link to set one.
#[derive(SimpleObject, Default)]
pub struct MemberPasswordResetPayload {
    problem: Option<ProblemObject>,
    slip: Option<PasswordSlip>,
    /// Whether a link to set the password was mailed.
    mailed: bool,
}

/// Who is unlocked.
#[derive(InputObject)]
pub struct MemberUnlockInput {
    id: ID,
}

/// Who is given a seat.
#[derive(InputObject)]
pub struct MemberAuthorizeInput {
    id: ID,
}

/// Whose seat is taken back.
#[derive(InputObject)]
pub struct MemberUnauthorizeInput {
    id: ID,
}

/// Who changes to which state.
#[derive(InputObject)]
pub struct MemberStateSetInput {
    id: ID,
    state: MemberState,
}

/// Who holds exactly which roles.
#[derive(InputObject)]
pub struct MemberRolesSetInput {
    id: ID,
    roles: Vec<Role>,
}

/// Declares the payload of a mutation that answers the member.
macro_rules! payload {
    ($($(#[$doc:meta])* $name:ident),+) => {
        $(
            $(#[$doc])*
            #[derive(SimpleObject)]
            pub struct $name {
                problem: Option<ProblemObject>,
                member: Option<MemberRecord>,
            }

            impl $name {
                fn of(
                    ctx: &Context<'_>,
                    result: Result<directory::MemberRecord, DomainError>,
                ) -> async_graphql::Result<Self> {
                    Ok(match refused(result, language(ctx))? {
                        Ok(member) => Self { problem: None, member: Some(MemberRecord(member)) },
                        Err(problem) => Self { problem: Some(problem), member: None },
                    })
                }
            }
        )+
    };
}

payload!(
    /// The member as they are now.
    MemberUpdatePayload,
    /// The lock is off.
    MemberUnlockPayload,
    /// The member has a seat.
    MemberAuthorizePayload,
    /// The member has no seat; all their sessions have ended.
    MemberUnauthorizePayload,
    /// The member in their new state; sessions of who may not come in have ended.
    MemberStateSetPayload,
    /// The member with their new roles.
    MemberRolesSetPayload
);

#[derive(Default)]
pub(super) struct MemberRecordQuery;

#[Object]
impl MemberRecordQuery {
    /// Members with what administrators may know of them (MEMBERS_VIEW).
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a field are its filter"
    )]
    async fn member_records(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        department_id: Option<ID>,
        state: Option<MemberState>,
        locked: Option<bool>,
        #[graphql(default = 10)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<MemberRecordConnection> {
        let caller = tenant(ctx)?;
        let filter = MemberRecordFilter {
            search,
            department: department_id.as_ref().map(parse).transpose()?,
            state: state.map(Into::into),
            locked,
        };
        let request = page::request(first, after.clone())?;
        let found = directory::member_records(caller, &filter, &request)
            .await
            .map_err(domain)?;
        Ok(MemberRecordConnection::new(
            found,
            after.as_ref(),
            MemberRecord,
        ))
    }

    /// One member with what administrators may know (MEMBERS_VIEW).
    async fn member_record(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<MemberRecord>> {
        let found = directory::member_record(tenant(ctx)?, parse(&id)?).await;
        found
            .map(|record| Some(MemberRecord(record)))
            .map_err(domain)
    }
}

#[derive(Default)]
pub(super) struct MemberRecordMutation;

#[Object]
impl MemberRecordMutation {
    /// Makes a member (MEMBERS_MANAGE).
    async fn member_create(
        &self,
        ctx: &Context<'_>,
        input: MemberCreateInput,
    ) -> async_graphql::Result<MemberCreatePayload> {
        let caller = tenant(ctx)?;
        let departments = input
            .department_ids
            .iter()
            .map(parse)
            .collect::<Result<_, _>>()?;
        let verb = Create {
            name: input.name,
            account: input.account,
            departments,
            email: input.email,
            mobile: input.mobile,
            position: input.position,
            nickname: input.nickname,
            slip: input.slip,
        };
        let created = directory::member_create(caller, &*observer(ctx)?, &verb).await;
        Ok(match refused(created, language(ctx))? {
            Ok(created) => MemberCreatePayload {
                problem: None,
                member: Some(MemberRecord(created.record)),
                slip: created.slip.map(Into::into),
                mailed: created.mailed,
            },
            Err(problem) => MemberCreatePayload {
                problem: Some(problem),
                ..MemberCreatePayload::default()
            },
        })
    }

    /// Changes a member (MEMBERS_MANAGE).
    async fn member_update(
        &self,
        ctx: &Context<'_>,
        input: MemberUpdateInput,
    ) -> async_graphql::Result<MemberUpdatePayload> {
        let caller = tenant(ctx)?;
        let departments = input
            .department_ids
            .map(|ids| ids.iter().map(parse).collect());
        let verb = Update {
            id: parse(&input.id)?,
            name: input.name,
            departments: departments.transpose()?,
            email: input.email,
            mobile: input.mobile,
            position: input.position,
            nickname: input.nickname,
            weight: input.weight,
        };
        let updated = directory::member_update(caller, &*observer(ctx)?, &verb).await;
        MemberUpdatePayload::of(ctx, updated)
    }

    /// New initial password with forced change: a link by mail, or a slip to print where there is
    /// no e-mail (SEC-12; MEMBERS_MANAGE).
    async fn member_password_reset(
        &self,
        ctx: &Context<'_>,
        input: MemberPasswordResetInput,
    ) -> async_graphql::Result<MemberPasswordResetPayload> {
        let caller = tenant(ctx)?;
        let verb = PasswordReset {
            id: parse(&input.id)?,
            slip: input.slip,
        };
        let reset = directory::member_password_reset(caller, &verb).await;
        Ok(match refused(reset, language(ctx))? {
            Ok(reset) => MemberPasswordResetPayload {
                problem: None,
                slip: reset.slip.map(Into::into),
                mailed: reset.mailed,
            },
            Err(problem) => MemberPasswordResetPayload {
                problem: Some(problem),
                ..MemberPasswordResetPayload::default()
            },
        })
    }

    /// Takes the lock of too many wrong passwords off (SEC-14, DIR-35; MEMBERS_MANAGE).
    async fn member_unlock(
        &self,
        ctx: &Context<'_>,
        input: MemberUnlockInput,
    ) -> async_graphql::Result<MemberUnlockPayload> {
        let unlocked = directory::member_unlock(tenant(ctx)?, parse(&input.id)?).await;
        MemberUnlockPayload::of(ctx, unlocked)
    }

    /// Gives a seat by hand; whoever has one keeps it (LIC-09, DIR-30; MEMBERS_MANAGE).
    async fn member_authorize(
        &self,
        ctx: &Context<'_>,
        input: MemberAuthorizeInput,
    ) -> async_graphql::Result<MemberAuthorizePayload> {
        let authorized = directory::member_authorize(tenant(ctx)?, parse(&input.id)?).await;
        MemberAuthorizePayload::of(ctx, authorized)
    }

    /// Takes the seat back and ends every session of the member, never of oneself (LIC-10, DIR-30;
    /// MEMBERS_MANAGE). Where authorisation is automatic, the next sign-in takes a seat again.
    async fn member_unauthorize(
        &self,
        ctx: &Context<'_>,
        input: MemberUnauthorizeInput,
    ) -> async_graphql::Result<MemberUnauthorizePayload> {
        let cancelled = directory::member_unauthorize(tenant(ctx)?, parse(&input.id)?).await;
        MemberUnauthorizePayload::of(ctx, cancelled)
    }

    /// Disables, resigns or reinstates a member (DIR-28, 32, 34; MEMBERS_MANAGE).
    async fn member_state_set(
        &self,
        ctx: &Context<'_>,
        input: MemberStateSetInput,
    ) -> async_graphql::Result<MemberStateSetPayload> {
        let caller = tenant(ctx)?;
        let verb = StateSet {
            id: parse(&input.id)?,
            state: input.state.into(),
        };
        let set = directory::member_state_set(caller, &*observer(ctx)?, &verb).await;
        MemberStateSetPayload::of(ctx, set)
    }

    /// Gives exactly these roles (OWNER may give all; the last owner stays).
    async fn member_roles_set(
        &self,
        ctx: &Context<'_>,
        input: MemberRolesSetInput,
    ) -> async_graphql::Result<MemberRolesSetPayload> {
        let caller = tenant(ctx)?;
        let verb = RolesSet {
            member: parse(&input.id)?,
            roles: input.roles.into_iter().map(Into::into).collect(),
        };
        let set = async {
            member_roles_set(caller, &verb).await?;
            directory::member_record(caller, verb.member).await
        };
        MemberRolesSetPayload::of(ctx, set.await)
    }
}

fn observer(ctx: &Context<'_>) -> async_graphql::Result<Arc<dyn MembershipObserver>> {
    Ok(ctx.data::<Gateway>()?.observer.clone())
}

impl From<directory::PasswordSlip> for PasswordSlip {
    fn from(slip: directory::PasswordSlip) -> Self {
        Self {
            host_name: slip.host_name,
            enterprise_number: slip.enterprise_number,
            account: slip.account,
            initial_password: slip.initial_password.reveal().to_owned(),
        }
    }
}
